using System.Collections;

namespace Sora2.Sdk.Errors;

/// <summary>
/// The cause of an error as others may see it. It comes from the network or a reader, which quote what a server sent: a status line, a
/// header, a field's name.
/// </summary>
internal static class RedactedCause
{
    /// <summary>The cause itself; if the key is anywhere in it, one of the same kind without.</summary>
    public static Exception? Redact(Exception? cause, Func<string, string> mask) => cause is not null && Says(cause, mask) ? Copy(cause, mask) : cause;

    private static bool Says(Exception cause, Func<string, string> mask)
    {
        for (var each = cause; each is not null; each = each.InnerException)
        {
            foreach (DictionaryEntry entry in each.Data)
            {
                if (IsMasked($"{entry.Key} {entry.Value}"))
                {
                    return true;
                }
            }
        }

        return IsMasked(cause.ToString());

        bool IsMasked(string text) => mask(text) != text;
    }

    private static Exception Copy(Exception cause, Func<string, string> mask)
    {
        var message = mask(cause.Message);
        var inner = cause.InnerException is { } of ? Copy(of, mask) : null;
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
