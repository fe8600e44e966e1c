using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sora2.Sdk;

/// <summary>What an error body says: the innermost text, every code and text on the way to it, and the request id that may stand in it.</summary>
/// <param name="Message">The text that helps, without request id; null if the body says nothing.</param>
/// <param name="RequestId">The platform's id for the call, if the text holds it.</param>
/// <param name="Evidence">Every code, type and text of the body, in lower case: what the classifier looks at.</param>
/// <param name="IsRefusal">Whether the body says outright that nothing was made: <c>"id":""</c> or <c>"status":"error"</c>.</param>
internal sealed partial record ErrorText(string? Message, string? RequestId, string Evidence, bool IsRefusal = false)
{
    // Relays wrap an upstream's error in their own, as text. Each level doubles its backslashes, so nobody gets near this.
    private const int MaxTexts = 32;

    private static readonly string[] MessageNames = ["message_zh", "message", "error_message", "fail_reason", "failure_reason", "detail", "msg", "error"];
    private static readonly string[] EvidenceNames = ["code", "type", "status"];

    /// <summary>Whether a body of a success tells of an error all the same. <c>{"code":0,"message":"ok"}</c> is how some envelopes say that all is well.</summary>
    public bool IsError => Message is not null && !Evidence.Split('\n').Any(word => word is "0" or "200" or "success" or "ok");

    /// <summary>Reads a body.</summary>
    public static ErrorText Of(ReadOnlyMemory<byte> body)
    {
        var evidence = new List<string>();
        string? message = null;
        var isRefusal = false;
        try
        {
            using var document = JsonDocument.Parse(body);
            message = Read(document.RootElement, evidence, 0);
            isRefusal = SaysRefused(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not all of it: the body itself is the evidence, and what it is gets decided by the classifier.
            evidence.Add(System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 4096)]));
        }

        return Finish(message, evidence) with { IsRefusal = isRefusal };
    }

    /// <summary>Reads a text that may be JSON again.</summary>
    public static ErrorText Of(string text)
    {
        var evidence = new List<string>();
        return Finish(ReadText(text, evidence, 0), evidence);
    }

    private static bool SaysRefused(JsonElement answer) => answer.ValueKind is JsonValueKind.Object
        && ((answer.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String && id.GetString()!.Length == 0 && !answer.TryGetProperty("task_id", out _) && !answer.TryGetProperty("taskId", out _))
            || (answer.TryGetProperty("status", out var status) && status.ValueKind is JsonValueKind.String && string.Equals(status.GetString(), "error", StringComparison.OrdinalIgnoreCase)));

    private static ErrorText Finish(string? message, List<string> evidence)
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

        return new ErrorText(string.IsNullOrWhiteSpace(message) ? null : message, requestId, string.Join('\n', evidence).ToLowerInvariant());
    }

    private static string? Read(JsonElement element, List<string> evidence, int texts)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return ReadText(element.GetString()!, evidence, texts);
            case JsonValueKind.Object:
                foreach (var name in EvidenceNames)
                {
                    if (element.TryGetProperty(name, out var code) && code.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                    {
                        evidence.Add(code.ToString());
                    }
                }

                string? found = null;
                if (element.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object)
                {
                    found = Read(error, evidence, texts);
                }

                foreach (var name in MessageNames)
                {
                    // An error object was read above; once more at each level would take twice the time of the level below.
                    if (element.TryGetProperty(name, out var value) && !(name == "error" && value.ValueKind is JsonValueKind.Object) && Read(value, evidence, texts) is { } text)
                    {
                        found ??= text;
                    }
                }

                if (element.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object)
                {
                    found ??= Read(data, evidence, texts);
                }

                return found;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(item => Read(item, evidence, texts)).FirstOrDefault(text => text is not null);
            default:
                return null;
        }
    }

    private static string? ReadText(string text, List<string> evidence, int texts)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return null;
        }

        evidence.Add(trimmed);
        if (texts < MaxTexts && trimmed[0] is '{' or '[' or '"')
        {
            try
            {
                using var inner = JsonDocument.Parse(trimmed);
                return Read(inner.RootElement, evidence, texts + 1) ?? trimmed;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return trimmed; // Begins like JSON and is none: then it is the text itself.
            }
        }

        return trimmed;
    }

    [GeneratedRegex(@"[(（]request id:\s*([^)）\s]+)\s*[)）]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RequestIdText();
}
