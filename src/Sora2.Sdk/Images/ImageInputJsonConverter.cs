using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk;

/// <summary>Reads and writes an image in JSON: <c>{"url":"https://…"}</c>, <c>{"data":"data:image/png;base64,…"}</c>, and <c>{"file":"kitten.png"}</c> where paths are allowed. A text alone is read as whichever of them it is.</summary>
/// <remarks>Public for source-generated contexts of applications. Use <see cref="Sora2Json.CreateOptions"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ImageInputJsonConverter : JsonConverter<ImageInput>
{
    private const string Forms = "An image is {\"url\":\"https://…\"} or {\"data\":\"data:image/png;base64,…\"}, or that address or data URI alone.";

    private readonly bool _allowFilePaths;

    /// <summary>One that refuses paths of files.</summary>
    public ImageInputJsonConverter()
    {
    }

    internal ImageInputJsonConverter(bool allowFilePaths) => _allowFilePaths = allowFilePaths;

    /// <summary>True: an image that is null is an error.</summary>
    public override bool HandleNull => true;

    /// <summary>Reads an image. Files are not looked for until it is sent.</summary>
    /// <param name="reader">Stands at the image.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">Not asked.</param>
    /// <returns>The image.</returns>
    /// <exception cref="JsonException">It is none, or a path where none is allowed.</exception>
    public override ImageInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => OfText(json.GetString()!),
                JsonValueKind.Object when json.EnumerateObject().Take(2).ToList() is [{ Value.ValueKind: JsonValueKind.String } only] => only.Name.ToUpperInvariant() switch
                {
                    "URL" => OfUrl(only.Value.GetString()!),
                    "DATA" => ImageInput.FromDataUri(only.Value.GetString()!),
                    "FILE" => OfFile(only.Value.GetString()!),
                    _ => throw new JsonException(Forms),
                },
                _ => throw new JsonException(Forms),
            };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e); // the latter is text that is no Unicode
        }
    }

    /// <summary>Writes an image; bytes as a data URI. Of a stream, which cannot be kept, only that it was one is written, and reading that fails.</summary>
    /// <param name="writer">Gets it.</param>
    /// <param name="value">The image.</param>
    /// <param name="options">Says how names are written.</param>
    public override void Write(Utf8JsonWriter writer, ImageInput value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        var (name, text) = value switch
        {
            UrlImage web => ("Url", web.Url.OriginalString),
            FileImage file => ("File", _allowFilePaths ? file.Path : Path.GetFileName(file.Path)),
            BytesImage bytes => ("Data", DataUri(bytes.Bytes.Span)),
            DataUriImage data => ("Data", DataUri(data.Decode())),
            _ => ("Stream", ""),
        };
        writer.WriteStartObject();
        writer.WriteString(options.PropertyNamingPolicy?.ConvertName(name) ?? name, text);
        writer.WriteEndObject();
    }

    private static string DataUri(ReadOnlySpan<byte> bytes) => $"data:{ImageType.Detect(bytes)?.MediaType ?? "application/octet-stream"};base64,{Convert.ToBase64String(bytes)}";

    private static ImageInput OfUrl(string url) => ImageInput.FromUrl(new Uri(url, UriKind.RelativeOrAbsolute));

    private ImageInput OfText(string text) =>
        text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? ImageInput.FromDataUri(text)
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && UriExtensions.IsHttp(url) ? ImageInput.FromUrl(url)
        : OfFile(text);

    private ImageInput OfFile(string path) => _allowFilePaths ? ImageInput.FromFile(path)
        : throw new JsonException($"{Forms} Paths of files are read with Sora2Json.CreateOptions(allowFilePaths: true) only.");
}
