using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms;

/// <summary>A JSON object, written field by field in the order of the platform's document.</summary>
public sealed class JsonBody : ApiBody
{
    // Sends Chinese unescaped: the default encoder only escapes it for HTML, into which the body is never put.
    internal static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The fields: name, and JSON bytes or images.</summary>
    private readonly List<(string Name, byte[]? Json, IReadOnlyList<ImageInput> Images)> _fields = [];

    internal override bool TakesFiles => false;

    internal override IEnumerable<string> FieldNames => _fields.Select(entry => entry.Name);

    internal override IReadOnlyList<ImageInput> Images => [.. _fields.SelectMany(entry => entry.Images)];

    /// <summary>Adds a string.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This body.</returns>
    public JsonBody Add(string name, string value) => AddJson(name, Quoted(value));

    /// <summary>Adds true or false.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This body.</returns>
    public JsonBody Add(string name, bool value) => AddJson(name, value ? "true"u8.ToArray() : "false"u8.ToArray());

    /// <summary>Adds a number.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This body.</returns>
    public JsonBody Add(string name, decimal value) =>
        AddJson(name, Encoding.ASCII.GetBytes(value.ToString("0.############################", CultureInfo.InvariantCulture)));

    /// <summary>Adds a string, unless it is null.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This body.</returns>
    public JsonBody AddIfSet(string name, string? value) => value is null ? this : Add(name, value);

    /// <summary>Adds true or false, unless it is null.</summary>
    /// <inheritdoc cref="AddIfSet(string, string?)"/>
    public JsonBody AddIfSet(string name, bool? value) => value is { } set ? Add(name, set) : this;

    /// <summary>Adds a number, unless it is null.</summary>
    /// <inheritdoc cref="AddIfSet(string, string?)"/>
    public JsonBody AddIfSet(string name, decimal? value) => value is { } set ? Add(name, set) : this;

    /// <summary>Adds an array of images: each as its address, or as a data URI if it has none.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="images">The images; an empty array is written if there are none.</param>
    /// <returns>This body.</returns>
    public JsonBody Add(string name, IReadOnlyList<ImageInput> images)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(images);
        _fields.Add((name, null, images));
        return this;
    }

    /// <summary>Adds fields as they are; a field of the same name is replaced.</summary>
    /// <param name="fields">The fields, or null for none.</param>
    /// <returns>This body.</returns>
    public JsonBody AddExtraFields(JsonObject? fields)
    {
        foreach (var (name, value) in fields ?? [])
        {
            AddJson(name, ExtraField.ToJson(name, value, Encoder));
        }

        return this;
    }

    internal override string ContentType(string boundary) => "application/json; charset=utf-8";

    internal override IReadOnlyList<BodySegment> Render(IReadOnlyList<LoadedImage> images, string boundary)
    {
        var segments = new SegmentWriter();
        segments.Write("{"u8);
        var nextImage = 0;
        for (var i = 0; i < _fields.Count; i++)
        {
            var (name, json, own) = _fields[i];
            segments.Write(i == 0 ? default : ","u8);
            segments.Write(Quoted(name));
            segments.Write(":"u8);
            if (json is not null)
            {
                segments.Write(json);
                continue;
            }

            segments.Write("["u8);
            for (var n = 0; n < own.Count; n++)
            {
                segments.Write(n == 0 ? default : ","u8);
                WriteImage(segments, images[nextImage++]);
            }

            segments.Write("]"u8);
        }

        segments.Write("}"u8);
        return segments.ToSegments();
    }

    private static void WriteImage(SegmentWriter segments, LoadedImage image)
    {
        if (image.Url is not null)
        {
            segments.Write(Quoted(image.Url.AbsoluteUri));
            return;
        }

        segments.Write(Encoding.ASCII.GetBytes($"\"data:{image.Header!.Type.MediaType};base64,"));
        segments.Write(image, asBase64: true);
        segments.Write("\""u8);
    }

    private JsonBody AddJson(string name, byte[] json)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var at = _fields.FindIndex(field => field.Name == name);
        if (at < 0)
        {
            _fields.Add((name, json, []));
        }
        else
        {
            _fields[at] = (name, json, []);
        }

        return this;
    }

    private static byte[] Quoted(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // Through UTF-8, which turns half a surrogate pair of a truncated text into U+FFFD; the encoder itself would throw.
        return [(byte)'"', .. JsonEncodedText.Encode(Encoding.UTF8.GetBytes(value), Encoder).EncodedUtf8Bytes, (byte)'"'];
    }
}
