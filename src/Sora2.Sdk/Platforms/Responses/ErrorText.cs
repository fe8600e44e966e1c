using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>
/// What an error body says: the text that helps, every code and text on the way to it, and the request id that may stand in it.
/// </summary>
/// <param name="Message">The text that helps, without request id; null if the body says nothing.</param>
/// <param name="RequestId">The platform's id for the call, if the text holds it.</param>
/// <param name="Texts">Every text of the body, one a line: what the classifier looks for phrases in.</param>
/// <param name="Codes">What stands in fields for codes, types and statuses, outermost first.</param>
/// <param name="IsRefusal">Whether the body says outright that nothing was made: <c>"id":""</c>, or <c>"status":"error"</c> and no
/// id.</param>
internal sealed partial record ErrorText(
    string? Message, string? RequestId, string Texts, IReadOnlyList<string> Codes, bool IsRefusal = false)
{
    // Relays wrap an upstream's error in their own, as text. Each level doubles its backslashes, so nobody gets near this.
    private const int MaxTexts = 32;

    /// <summary>The most of one text, and of all of them, that is looked at.</summary>
    private const int MaxText = 4096;
    private const int MaxTotal = 32 * 1024;

    /// <summary>The most of a body that is no JSON that gets into a message.</summary>
    private const int MaxPlainText = 1000;

    private const int MaxErrors = 5;

    /// <summary>Fields for a reason, best first.</summary>
    private static readonly string[] MessageNames =
    [
        "fail_reason", "failreason", "failmsg", "fail_msg", "task_status_msg", "message_zh", "message", "error_message",
        "failure_reason", "errormessage", "error_msg", "errormsg", "err_msg", "errmsg", "msg", "reason",
        "error", "error_description", "detail", "description", "title", "status_msg", "errors", "output", "base_resp", "response",
        "result", "data",
    ];

    /// <summary>Fields that are read for a reason if they are objects or lists; as a text they are a result.</summary>
    private static readonly string[] Containers = ["output", "base_resp", "response", "result"];

    private static readonly string[] CodeNames =
        ["code", "error_code", "errorcode", "err_code", "errcode", "status_code", "statuscode", "type", "status"];

    /// <summary>
    /// A number in the envelope's <c>code</c> that stands for an HTTP status of 400 to 599; null if there is none. A negative number that
    /// is none of these is -1.
    /// </summary>
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

    /// <summary>A code that is a word, for when nothing else was said.</summary>
    public string? CodeReason => Codes.LastOrDefault(code => RelayPhrases.CodeOf(code) is not null);

    /// <summary>Whether the relay passes on what its upstream refused; see <see cref="RelayPhrases.Wrappers"/>.</summary>
    public bool IsFromUpstream => Codes.Any(RelayPhrases.Wrappers.Contains);

    /// <summary>
    /// Whether a body of a success tells of an error all the same. <c>{"code":0,"message":"ok"}</c> is how some envelopes say that all is
    /// well.
    /// </summary>
    public bool IsError => (Message is not null || EnvelopeCode is not null) && !Codes.Any(RelayPhrases.Successes.Contains);

    /// <summary>Reads a body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="charset">The charset of the header, for bytes that are not UTF-8.</param>
    public static ErrorText Parse(ReadOnlyMemory<byte> body, string? charset = null)
    {
        var reading = new Reading();
        var bytes = BodyText.Utf8(body, charset);
        try
        {
            using var document = JsonIn(bytes);
            if (document is not null)
            {
                var message = reading.Read(document.RootElement, 0) ?? reading.CodeAsReason;
                return reading.Finish(message) with
                {
                    IsRefusal = SaysRefused(document.RootElement),
                    EnvelopeCode = EnvelopeCodeOf(document.RootElement),
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut short, say. What is left of it is still the only thing that was said.
        }

        var text = Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, MaxText)]).Trim().Trim('\uFEFF', '\0');
        return reading.Finish(reading.Keep(text.Length > MaxPlainText ? text[..MaxPlainText] + "…" : text));
    }

    /// <summary>Reads a text that may be JSON again.</summary>
    public static ErrorText Parse(string text)
    {
        var reading = new Reading();
        return reading.Finish(reading.ReadText(text, 0) ?? reading.CodeAsReason);
    }

    /// <summary>
    /// The JSON that a body is or that begins in it: a byte order mark, a "data:" of an event stream or a notice of PHP may stand before
    /// it.
    /// </summary>
    private static JsonDocument? JsonIn(ReadOnlyMemory<byte> bytes)
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

    private static bool SaysRefused(JsonElement answer)
    {
        if (answer.ValueKind is not JsonValueKind.Object
            || answer.TryGetProperty("task_id", out _) || answer.TryGetProperty("taskId", out _))
        {
            return false;
        }

        if (answer.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            var text = id.ValueKind is JsonValueKind.String ? TextOf(id).Trim() : id.GetRawText();
            if (text != "0")
            {
                return text.Length == 0;
            }
        }

        return HasErrorStatus(answer);
    }

    private static bool HasErrorStatus(JsonElement answer) =>
        answer.TryGetProperty("status", out var status) && status.ValueKind is JsonValueKind.String
        && string.Equals(TextOf(status), "error", StringComparison.OrdinalIgnoreCase);

    /// <summary>Only of the envelope itself and its error object: a text may quote anything.</summary>
    private static int? EnvelopeCodeOf(JsonElement answer)
    {
        if (answer.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["code", "error_code", "errorCode", "status_code", "statusCode", "status"])
        {
            if (answer.TryGetProperty(name, out var value) && StatusOf(value) is { } status)
            {
                return status;
            }
        }

        return answer.TryGetProperty("error", out var error) ? EnvelopeCodeOf(error) : null;
    }

    /// <summary>Negative ones are made of statuses too (-402), or just say that it went wrong (-1).</summary>
    private static int? StatusOf(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => TextOf(value),
            _ => "",
        };
        return !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? null
            : code is >= 400 and <= 599 ? code
            : code is >= -599 and <= -400 ? -code
            : code < 0 ? -1
            : null;
    }

    /// <summary>A string's text; half an emoji in it does not cost the rest.</summary>
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText().Trim('"');
        }
    }

    /// <summary>One pass over a body.</summary>
    private sealed class Reading
    {
        private readonly StringBuilder _texts = new();
        private readonly List<string> _codes = [];
        private string? _codeAsReason;

        /// <summary>The innermost code that is a word, for a body that has nothing else to say.</summary>
        public string? CodeAsReason => _codeAsReason;

        public ErrorText Finish(string? message)
        {
            string? requestId = null;
            if (message is not null)
            {
                var match = RequestIdText().Match(message);
                if (match.Success)
                {
                    requestId = match.Groups[1].Value;
                    message = RequestIdText().Replace(message, "").Trim();
                }

                message = Redaction.Excerpt(message);
            }

            return new ErrorText(string.IsNullOrWhiteSpace(message) ? null : message, requestId, _texts.ToString(), _codes);
        }

        public string? Read(JsonElement element, int texts)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    return ReadText(TextOf(element), texts);
                case JsonValueKind.Object:
                    return ReadObject(element, texts);
                case JsonValueKind.Array:
                    var found = new List<string>();
                    foreach (var item in element.EnumerateArray())
                    {
                        if (found.Count < MaxErrors && Read(item, texts) is { } text && !found.Contains(text))
                        {
                            found.Add(text);
                        }
                    }

                    return found.Count == 0 ? null : string.Join("; ", found);
                default:
                    return null;
            }
        }

        public string? ReadText(string text, int texts)
        {
            var trimmed = text.Trim();
            if (texts < MaxTexts && trimmed.Length > 0 && trimmed[0] is '{' or '[' or '"')
            {
                try
                {
                    using var inner = JsonDocument.Parse(trimmed);
                    return Read(inner.RootElement, texts + 1) ?? Keep(trimmed);
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException)
                {
                    return Keep(trimmed); // Begins like JSON and is none: then it is the text itself.
                }
            }

            return Keep(trimmed);
        }

        /// <summary>Keeps a text as evidence, unless it says nothing.</summary>
        public string? Keep(string text)
        {
            if (text.Length == 0 || RelayPhrases.Fillers.Contains(text.TrimEnd('.', '!', ' ', '。')))
            {
                return null;
            }

            if (_texts.Length < MaxTotal)
            {
                _texts.Append(text.AsSpan(0, Math.Min(text.Length, MaxText))).Append('\n');
            }

            return text;
        }

        private string? ReadObject(JsonElement element, int texts)
        {
            foreach (var codeName in CodeNames)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (string.Equals(property.Name, codeName, StringComparison.OrdinalIgnoreCase))
                    {
                        ReadCode(property.Value, codeName);
                    }
                }
            }

            var found = new string?[MessageNames.Length + 1];
            foreach (var property in element.EnumerateObject())
            {
                var name = property.Name.ToLowerInvariant();
                var rank = Array.IndexOf(MessageNames, name);
                if (rank < 0 || (property.Value.ValueKind is JsonValueKind.String && Array.IndexOf(Containers, name) >= 0))
                {
                    continue;
                }

                // An error object says more than a sentence beside it.
                var text = name == "errors" && property.Value.ValueKind is JsonValueKind.Object
                    ? ReadErrors(property.Value, texts)
                    : Read(property.Value, texts);
                found[name == "error" && property.Value.ValueKind is JsonValueKind.Object ? 0 : rank + 1] ??= text;
            }

            var best = found.FirstOrDefault(text => text is not null);
            return Joined(best, found, "title", "detail") ?? Joined(best, found, "title", "errors") ?? best;
        }

        /// <summary>A problem document has a general title and a special detail, or errors: together they are the reason.</summary>
        private static string? Joined(string? best, string?[] found, string general, string special)
        {
            var (title, detail) = (found[Array.IndexOf(MessageNames, general) + 1], found[Array.IndexOf(MessageNames, special) + 1]);
            return title is not null && detail is not null && (best == title || best == detail)
                && !detail.Contains(title, StringComparison.OrdinalIgnoreCase)
                ? $"{title.TrimEnd('.')}: {detail}"
                : null;
        }

        /// <summary>Errors by the name of the field that they are about.</summary>
        private string? ReadErrors(JsonElement errors, int texts)
        {
            var found = new List<string>();
            foreach (var property in errors.EnumerateObject())
            {
                if (found.Count < MaxErrors && Read(property.Value, texts) is { } text)
                {
                    found.Add($"{property.Name}: {text}");
                }
            }

            return found.Count == 0 ? null : string.Join("; ", found);
        }

        private void ReadCode(JsonElement value, string name)
        {
            if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                return;
            }

            var code = (value.ValueKind is JsonValueKind.String ? TextOf(value) : value.GetRawText()).Trim();
            if (code.Length is 0 or > 200)
            {
                return;
            }

            _codes.Add(code);
            if (name is not ("type" or "status") && !char.IsAsciiDigit(code[0]) && code[0] != '-' && !RelayPhrases.Fillers.Contains(code))
            {
                _codeAsReason = code;
            }
        }
    }

    [GeneratedRegex(@"[(（]request id:\s*([^)）\s]+)\s*[)）]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RequestIdText();
}
