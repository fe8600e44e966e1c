using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Collects the texts and codes of one error body.</summary>
internal sealed partial class ErrorTextReader
{
    /// <summary>The limit of errors wrapped as strings in errors: each level doubles its backslashes, which bounds real ones.</summary>
    private const int MaxNestedTexts = 32;

    /// <summary>The most of one text, and of all texts, that is kept.</summary>
    private const int MaxText = 4096;
    private const int MaxTotal = 32 * 1024;

    /// <summary>The most of a body that is not JSON that gets into a message.</summary>
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

    /// <summary>Fields that are read for a reason if they are objects or lists; as a string they are a result.</summary>
    private static readonly string[] Containers = ["output", "base_resp", "response", "result"];

    private static readonly string[] CodeNames =
        ["code", "error_code", "errorcode", "err_code", "errcode", "status_code", "statuscode", "type", "status"];

    private readonly StringBuilder _texts = new();
    private readonly List<string> _codes = [];

    /// <summary>The innermost code that is a word, for a body without any other reason.</summary>
    public string? CodeReason { get; private set; }

    public ErrorText ToErrorText(string? message)
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

    /// <summary>Reads a value and returns its best text, or null.</summary>
    public string? Read(JsonElement element, int nestedTexts = 0)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return ReadText(LenientValues.Text(element), nestedTexts);
            case JsonValueKind.Object:
                return ReadObject(element, nestedTexts);
            case JsonValueKind.Array:
                var found = new List<string>();
                foreach (var item in element.EnumerateArray())
                {
                    if (found.Count < MaxErrors && Read(item, nestedTexts) is { } text && !found.Contains(text))
                    {
                        found.Add(text);
                    }
                }

                return found.Count == 0 ? null : string.Join("; ", found);
            default:
                return null;
        }
    }

    /// <summary>Reads a text that may itself be JSON and returns its best text, or null.</summary>
    public string? ReadText(string text, int nestedTexts = 0)
    {
        var trimmed = text.Trim();
        if (nestedTexts < MaxNestedTexts && trimmed.Length > 0 && trimmed[0] is '{' or '[' or '"')
        {
            try
            {
                using var inner = JsonDocument.Parse(trimmed);
                return Read(inner.RootElement, nestedTexts + 1) ?? Keep(trimmed);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return Keep(trimmed); // Begins like JSON and is not: the text itself.
            }
        }

        return Keep(trimmed);
    }

    /// <summary>Keeps the beginning of a body that is not JSON and returns it, or null if it has no content.</summary>
    public string? KeepPlainText(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxText)]).Trim().Trim('\uFEFF', '\0');
        return Keep(text.Length > MaxPlainText ? text[..MaxPlainText] + "…" : text);
    }

    /// <summary>Keeps a text and returns it, or null if it is empty or a filler.</summary>
    private string? Keep(string text)
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

    private string? ReadObject(JsonElement element, int nestedTexts)
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
            var isObject = property.Value.ValueKind is JsonValueKind.Object;
            var text = name == "errors" && isObject ? ReadErrors(property.Value, nestedTexts) : Read(property.Value, nestedTexts);
            found[name == "error" && isObject ? 0 : rank + 1] ??= text;
        }

        var best = found.FirstOrDefault(text => text is not null);
        return Join(best, found, "title", "detail") ?? Join(best, found, "title", "errors") ?? best;
    }

    /// <summary>Joins the general title of a problem document with its special detail or errors.</summary>
    private static string? Join(string? best, string?[] found, string general, string special)
    {
        var title = found[Array.IndexOf(MessageNames, general) + 1];
        var detail = found[Array.IndexOf(MessageNames, special) + 1];
        return title is not null && detail is not null && (best == title || best == detail)
            && !detail.Contains(title, StringComparison.OrdinalIgnoreCase)
            ? $"{title.TrimEnd('.')}: {detail}"
            : null;
    }

    /// <summary>Reads errors by the name of the field that they are about.</summary>
    private string? ReadErrors(JsonElement errors, int nestedTexts)
    {
        var found = new List<string>();
        foreach (var property in errors.EnumerateObject())
        {
            if (found.Count < MaxErrors && Read(property.Value, nestedTexts) is { } text)
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

        var code = (value.ValueKind is JsonValueKind.String ? LenientValues.Text(value) : value.GetRawText()).Trim();
        if (code.Length is 0 or > 200)
        {
            return;
        }

        _codes.Add(code);
        if (name is not ("type" or "status") && !char.IsAsciiDigit(code[0]) && code[0] != '-' && !RelayPhrases.Fillers.Contains(code))
        {
            CodeReason = code;
        }
    }

    [GeneratedRegex(@"[(（]request id:\s*([^)）\s]+)\s*[)）]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RequestIdText();
}
