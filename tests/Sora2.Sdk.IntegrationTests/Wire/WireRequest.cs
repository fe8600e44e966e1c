using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>A request as a server received it.</summary>
internal sealed partial record WireRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>A request as it came over a plain socket.</summary>
    public static WireRequest Parse(string head, byte[] body)
    {
        var lines = head.TrimEnd().Split("\r\n");
        var request = lines[0].Split(' ');
        var headers = lines[1..].Select(line => line.Split(": ", 2)).Select(header => (header[0], header[1]));
        return new WireRequest(request[0], request[1], [.. headers], body);
    }

    public string HeaderOf(string name) => Headers.Single(header => header.Name == name).Value;

    /// <summary>Returns the complete request in a form for review.</summary>
    /// <remarks>
    /// Only what differs from run to run is replaced: the host, the SDK's version and the form's boundary. JSON is indented, each value
    /// spelled as it was sent. A form has line feeds for CRLF, and its images are named.
    /// </remarks>
    public string Describe(params byte[][] images)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Method} {Target}\n");
        foreach (var (name, value) in Headers.OrderBy(header => header.Name, StringComparer.Ordinal))
        {
            var shown = name == "Host" ? "HOST" : SdkVersion().Replace(value, "Sora2.Sdk/VERSION");
            text.Append(CultureInfo.InvariantCulture, $"{name}: {shown}\n");
        }

        if (Body.Length == 0)
        {
            return text.ToString();
        }

        text.Append('\n');
        var contentType = HeaderOf("Content-Type");
        if (contentType.StartsWith("application/json", StringComparison.Ordinal))
        {
            return text.Append(Indented(Body)).ToString();
        }

        var boundary = contentType[(contentType.IndexOf("boundary=", StringComparison.Ordinal) + "boundary=".Length)..];
        return text.Append(Form(images)).Replace(boundary, "BOUNDARY").ToString();
    }

    private string Form(byte[][] images)
    {
        var text = Encoding.Latin1.GetString(Body);
        for (var i = 0; i < images.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"<the {images[i].Length} bytes of image {i + 1}>");
            text = text.Replace(Encoding.Latin1.GetString(images[i]), name, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>
    /// Adds line breaks and indentation only. Unlike a serializer, it keeps the order of fields, numbers and escapes as they were sent.
    /// </summary>
    private static string Indented(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        var reader = new Utf8JsonReader(json);
        var previous = JsonTokenType.None;
        while (reader.Read())
        {
            var isEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            var followsStart = previous is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (previous is not (JsonTokenType.None or JsonTokenType.PropertyName) && !(isEnd && followsStart))
            {
                text.Append(isEnd || followsStart ? "\n" : ",\n").Append(' ', 2 * reader.CurrentDepth);
            }

            var token = Encoding.UTF8.GetString(reader.ValueSpan);
            text.Append(reader.TokenType switch
            {
                JsonTokenType.PropertyName => $"\"{token}\": ",
                JsonTokenType.String => $"\"{token}\"",
                _ => token,
            });
            previous = reader.TokenType;
        }

        return text.ToString();
    }

    [GeneratedRegex(@"Sora2\.Sdk/\d+\.\d+\.\d+\S*")]
    private static partial Regex SdkVersion();
}
