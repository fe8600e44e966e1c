using System.Globalization;
using System.Text.Json;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What the outer object of an error body says of the call. Texts inside it do not count: they may quote anything.</summary>
internal static class ErrorEnvelope
{
    /// <summary>Returns whether the body reports that nothing was created: <c>"id":""</c>, or <c>"status":"error"</c> and no id.</summary>
    public static bool IsRefusal(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object || root.TryGetProperty("task_id", out _) || root.TryGetProperty("taskId", out _))
        {
            return false;
        }

        if (root.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            var text = id.ValueKind is JsonValueKind.String ? LenientValues.Text(id).Trim() : id.GetRawText();
            if (text != "0")
            {
                return text.Length == 0;
            }
        }

        return root.TryGetProperty("status", out var status) && status.ValueKind is JsonValueKind.String
            && string.Equals(LenientValues.Text(status), "error", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns the code of the envelope or its error object that is an HTTP status of 400 to 599, or null.</summary>
    /// <remarks>Negative codes are statuses too (-402); another negative code is -1.</remarks>
    public static int? Code(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["code", "error_code", "errorCode", "status_code", "statusCode", "status"])
        {
            if (root.TryGetProperty(name, out var value) && Status(value) is { } status)
            {
                return status;
            }
        }

        return root.TryGetProperty("error", out var error) ? Code(error) : null;
    }

    private static int? Status(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => LenientValues.Text(value),
            _ => "",
        };
        return !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? null
            : code is >= 400 and <= 599 ? code
            : code is >= -599 and <= -400 ? -code
            : code < 0 ? -1
            : null;
    }
}
