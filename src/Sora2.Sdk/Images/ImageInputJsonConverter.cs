using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Images;

/// <summary>Converts an image to and from JSON: <c>{"url":"https://…"}</c> or <c>{"data":"data:image/png;base64,…"}</c>.</summary>
/// <remarks>
/// Where paths are allowed also <c>{"file":"kitten.png"}</c>. A plain string is read as whichever of these it is. Public for
/// source-generated contexts of applications; use <see cref="Sora2Json.CreateOptions"/>.
/// </remarks>
internal sealed class ImageInputJsonConverter : JsonConverter<ImageInput>
{
    private const string Forms =
        "An image is {\"url\":\"https://…\"} or {\"data\":\"data:image/png;base64,…\"}, with a \"role\" if it has one, or that address or "
        + "data URI as a string.";

    private readonly bool _allowFilePaths;

    /// <summary>Creates a converter that refuses file paths.</summary>
    public ImageInputJsonConverter()
    {
    }

    internal ImageInputJsonConverter(bool allowFilePaths) => _allowFilePaths = allowFilePaths;

    /// <summary>Returns true: a null image is an error.</summary>
    public override bool HandleNull => true;

    /// <summary>Reads an image. A file is opened only when the request is sent.</summary>
    /// <param name="reader">The reader, positioned at the image.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">Not used.</param>
    /// <returns>The image.</returns>
    /// <exception cref="JsonException">The JSON is not an image, or is a path and paths are not allowed.</exception>
    public override ImageInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => FromText(json.GetString()!),
                JsonValueKind.Object => FromObject(json),
                _ => throw new JsonException(Forms),
            };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e); // InvalidOperationException: the text is not valid Unicode
        }
    }

    /// <summary>Writes an image, bytes as a data URI. A stream is written as an empty marker, and reading that fails.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The image.</param>
    /// <param name="options">The naming policy of the fields.</param>
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
        writer.WriteString(Named(name), text);
        if (value.Role != ImageRole.Unspecified)
        {
            writer.WriteString(Named(nameof(value.Role)), value.Role.ToString());
        }

        writer.WriteEndObject();

        string Named(string name) => options.PropertyNamingPolicy?.ConvertName(name) ?? name;
    }

    private ImageInput FromObject(JsonElement json)
    {
        ImageInput? image = null;
        var role = ImageRole.Unspecified;
        foreach (var field in json.EnumerateObject())
        {
            var text = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : throw new JsonException(Forms);
            switch (field.Name.ToUpperInvariant())
            {
                case "ROLE" when Enum.TryParse(text, ignoreCase: true, out role) && Enum.IsDefined(role):
                    break;
                case "URL" when image is null:
                    image = FromUrl(text);
                    break;
                case "DATA" when image is null:
                    image = ImageInput.FromDataUri(text);
                    break;
                case "FILE" when image is null:
                    image = FromFile(text);
                    break;
                default:
                    throw new JsonException(Forms);
            }
        }

        return image is null ? throw new JsonException(Forms) : image with { Role = role };
    }

    private static string DataUri(ReadOnlySpan<byte> bytes) =>
        $"data:{ImageType.Detect(bytes)?.MediaType ?? "application/octet-stream"};base64,{Convert.ToBase64String(bytes)}";

    private static ImageInput FromUrl(string url) =>
        Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out var address) ? ImageInput.FromUrl(address) : throw new JsonException(Forms);

    private ImageInput FromText(string text) =>
        text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? ImageInput.FromDataUri(text)
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && UriExtensions.IsHttp(url) ? ImageInput.FromUrl(url)
        : FromFile(text);

    private ImageInput FromFile(string path) => _allowFilePaths
        ? ImageInput.FromFile(path)
        : throw new JsonException($"{Forms} File paths are read with Sora2Json.CreateOptions(allowFilePaths: true) only.");
}
