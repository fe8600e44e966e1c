using System.Collections;

namespace Sora2.Sdk.Errors;

/// <summary>Removes the API key from the cause of an error.</summary>
/// <remarks>The cause comes from the network or a reader, which quote the response: a status line, a header, a field's name.</remarks>
internal static class RedactedCause
{
    /// <summary>Returns the cause itself, or a copy of the same type without the key if the key is anywhere in it.</summary>
    public static Exception? Redact(Exception? cause, Func<string, string> redact) =>
        cause is not null && ContainsKey(cause, redact) ? Copy(cause, redact) : cause;

    private static bool ContainsKey(Exception cause, Func<string, string> redact)
    {
        for (var each = cause; each is not null; each = each.InnerException)
        {
            foreach (DictionaryEntry entry in each.Data)
            {
                if (IsChanged($"{entry.Key} {entry.Value}"))
                {
                    return true;
                }
            }
        }

        return IsChanged(cause.ToString());

        bool IsChanged(string text) => redact(text) != text;
    }

    private static Exception Copy(Exception cause, Func<string, string> redact)
    {
        var message = redact(cause.Message);
        var inner = cause.InnerException is { } of ? Copy(of, redact) : null;
        return cause switch
        {
            HttpRequestException http => new HttpRequestException(http.HttpRequestError, message, inner, http.StatusCode),
            HttpIOException io => new HttpIOException(io.HttpRequestError, message, inner),
            IOException => new IOException(message, inner),
            OperationCanceledException => new OperationCanceledException(message, inner),
            _ => new InvalidOperationException($"{cause.GetType().Name}: {message}", inner),
        };
    }
}
