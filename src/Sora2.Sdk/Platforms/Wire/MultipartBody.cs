using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms;

/// <summary>A <c>multipart/form-data</c> body, written part by part in the order of the platform's document.</summary>
/// <remarks>
/// The format is that of a browser: unquoted boundary, quoted names, no charset on text parts, no <c>filename*</c>. The relays' form
/// parsers accept that; many do not accept the format of <see cref="MultipartFormDataContent"/>.
/// </remarks>
public sealed class MultipartBody : ApiBody
{
    /// <summary>The parts: name, and text or image.</summary>
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

    /// <summary>Adds one file part for each image, all of the same name. An image on the web is fetched before the request.</summary>
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

    /// <summary>Adds text parts: strings as they are, any other value as JSON. A text part of the same name is replaced.</summary>
    /// <remarks>A null value, for which a form has no notation, removes the text part of that name.</remarks>
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

    /// <summary>Returns a boundary of 128 random bits, so that no content contains it: images are streamed unsearched.</summary>
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
                segments.Write(Encoding.UTF8.GetBytes($"{Head(name)}\r\n\r\n{text}\r\n"));
                continue;
            }

            var image = images[nextImage++];
            // Not the caller's file name: the platform does not need it, and it may be Chinese or contain a quote.
            var type = image.Header!.Type;
            var fileName = string.Create(CultureInfo.InvariantCulture, $"image-{nextImage}.{type.Extension}");
            segments.Write(Encoding.UTF8.GetBytes(
                $"{Head(name)}; filename=\"{fileName}\"\r\nContent-Type: {type.MediaType}\r\n\r\n"));
            segments.Write(image, asBase64: false);
            segments.Write("\r\n"u8);
        }

        segments.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return segments.ToSegments();

        string Head(string name) => $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Escaped(name)}\"";
    }

    /// <summary>Escapes a name as browsers do, by the HTML standard's form encoding.</summary>
    private static string Escaped(string name) => name
        .Replace("\"", "%22", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);
}
