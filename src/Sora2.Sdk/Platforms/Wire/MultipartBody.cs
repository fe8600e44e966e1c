using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms;

/// <summary>
/// A <c>multipart/form-data</c> body, part by part in the order of the platform's document, in the shape a browser gives it: unquoted boundary, quoted
/// names, no charset on text parts, no <c>filename*</c>. The relays' form parsers are known to take that; many do not take what <see cref="MultipartFormDataContent"/> writes.
/// </summary>
public sealed class MultipartBody : ApiBody
{
    /// <summary>Name, and the text or the image.</summary>
    private readonly List<(string Name, string? Text, ImageInput? Image)> _parts = [];

    internal override bool TakesFiles => true;

    internal override IEnumerable<string> FieldNames => _parts.Select(part => part.Name);

    internal override IReadOnlyList<ImageInput> Images => [.. _parts.Select(part => part.Image).OfType<ImageInput>()];

    /// <summary>Adds a text part.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="value">Its text, sent as UTF-8.</param>
    /// <returns>This body.</returns>
    public MultipartBody Add(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _parts.Add((name, value, null));
        return this;
    }

    /// <summary>Adds one file part for each image, all under the same name. An image given by its address is fetched before the request is sent.</summary>
    /// <param name="name">The parts' name.</param>
    /// <param name="images">The images.</param>
    /// <returns>This body.</returns>
    public MultipartBody Add(string name, IReadOnlyList<ImageInput> images)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(images);
        foreach (var image in images)
        {
            _parts.Add((name, null, image));
        }

        return this;
    }

    /// <summary>
    /// Adds text parts: texts as they are, anything else as JSON. One whose name is there already takes that part's place; null, which a form cannot say, leaves the part out.
    /// </summary>
    /// <param name="fields">The fields, or null for none.</param>
    /// <returns>This body.</returns>
    public MultipartBody AddExtraFields(JsonObject? fields)
    {
        foreach (var (name, value) in fields ?? [])
        {
            var at = _parts.FindIndex(part => part.Name == name && part.Text is not null);
            if (value is null)
            {
                _parts.RemoveAll(part => part.Name == name && part.Text is not null);
                continue;
            }

            var text = ExtraField.ToText(name, value, JsonBody.Encoder);
            if (at < 0)
            {
                _parts.Add((name, text, null));
            }
            else
            {
                _parts[at] = (name, text, null);
            }
        }

        return this;
    }

    /// <summary>One with 128 random bits, so that no content holds it: images are streamed, and not searched for it.</summary>
    internal static string NewBoundary() => "Sora2SdkFormBoundary" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    internal override string ContentType(string boundary) => "multipart/form-data; boundary=" + boundary;

    internal override IReadOnlyList<BodySegment> Render(IReadOnlyList<LoadedImage> images, string boundary)
    {
        var segments = new SegmentWriter();
        var nextImage = 0;
        foreach (var (name, text, _) in _parts)
        {
            if (text is not null)
            {
                segments.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{Escaped(name)}\"\r\n\r\n{text}\r\n"));
                continue;
            }

            var image = images[nextImage++];
            // The caller's file name stays at home: it says nothing to the platform, and may be Chinese or hold a quote.
            var type = image.Header!.Type;
            var head = string.Create(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Escaped(name)}\"; filename=\"image-{nextImage}.{type.Extension}\"\r\nContent-Type: {type.MediaType}\r\n\r\n");
            segments.Write(Encoding.UTF8.GetBytes(head));
            segments.Write(image, asBase64: false);
            segments.Write("\r\n"u8);
        }

        segments.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return segments.ToSegments();
    }

    /// <summary>As browsers write a name, by the HTML standard's form encoding.</summary>
    private static string Escaped(string name) =>
        name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
}
