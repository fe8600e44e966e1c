using System.Globalization;
using System.Text.Json;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The content of an error body: its most useful text, every code and text in it, and the request id.</summary>
/// <param name="Message">The most useful text, without the request id; null if the body has none.</param>
/// <param name="RequestId">The platform's id for the call, if the text contains it.</param>
/// <param name="Texts">Every text of the body, one a line: the text in which phrases are searched.</param>
/// <param name="Codes">The values of fields for codes, types and statuses, outermost first.</param>
internal sealed record ErrorText(string? Message, string? RequestId, string Texts, IReadOnlyList<string> Codes)
{
    public static ErrorText None { get; } = new(null, null, "", []);

    /// <summary>Whether the body itself reports that nothing was created; see <see cref="ErrorEnvelope.IsRefusal"/>.</summary>
    public bool IsRefusal { get; private init; }

    /// <summary>The status in the envelope; see <see cref="ErrorEnvelope.Code"/>.</summary>
    public int? EnvelopeCode { get; private init; }

    /// <summary>The innermost code that is an HTTP status of an error.</summary>
    public int? InnermostStatus
    {
        get
        {
            var codes = Codes.Select(code => int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 0);
            return codes.LastOrDefault(number => number is >= 400 and <= 599) is not 0 and var status ? status : null;
        }
    }

    /// <summary>A known code that is a word, for a body without any other reason.</summary>
    public string? CodeReason => Codes.LastOrDefault(code => RelayCodes.Find(code) is not null);

    /// <summary>Whether the relay passes on its upstream's refusal; see <see cref="RelayCodes.Wrappers"/>.</summary>
    public bool IsFromUpstream => Codes.Any(RelayCodes.Wrappers.Contains);

    /// <summary>Whether the body of a success reports an error.</summary>
    /// <remarks><c>{"code":0,"message":"ok"}</c> is how some envelopes report a success.</remarks>
    public bool IsError => (Message is not null || EnvelopeCode is not null) && !Codes.Any(RelayCodes.Successes.Contains);

    /// <summary>Reads a body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="charset">The charset of the header, for bytes that are not UTF-8.</param>
    public static ErrorText Parse(ReadOnlyMemory<byte> body, string? charset = null)
    {
        var reader = new ErrorTextReader();
        var bytes = BodyText.Utf8(body, charset);
        try
        {
            using var document = ParseJson(bytes);
            if (document is not null)
            {
                return reader.ToErrorText(reader.Read(document.RootElement) ?? reader.CodeReason) with
                {
                    IsRefusal = ErrorEnvelope.IsRefusal(document.RootElement),
                    EnvelopeCode = ErrorEnvelope.Code(document.RootElement),
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Possibly truncated. The rest is still all that the platform said.
        }

        return reader.ToErrorText(reader.KeepPlainText(bytes.Span));
    }

    /// <summary>Reads a text that may itself be JSON.</summary>
    public static ErrorText Parse(string text)
    {
        var reader = new ErrorTextReader();
        return reader.ToErrorText(reader.ReadText(text) ?? reader.CodeReason);
    }

    /// <summary>Parses the JSON that a body is, or that begins in it behind a byte order mark, a "data:" or a notice of PHP.</summary>
    private static JsonDocument? ParseJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            var begin = bytes.Span.IndexOf((byte)'{');
            if (begin < 0)
            {
                return null;
            }

            var reader = new Utf8JsonReader(bytes.Span[begin..]);
            return JsonDocument.TryParseValue(ref reader, out var document) ? document : null;
        }
    }
}
