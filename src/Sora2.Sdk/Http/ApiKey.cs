using System.Net.Http.Headers;

namespace Sora2.Sdk;

/// <summary>
/// The key of one client, which may be exchanged while calls run. Every attempt takes it once, at its start: the next one goes with the new key, and what comes back is masked by the key that was sent.
/// </summary>
internal sealed class ApiKey(string key)
{
    private volatile AuthenticationHeaderValue _authorization = Header(key);
    private volatile string? _previous;

    /// <summary>The header that carries the key; its parameter is the key.</summary>
    public AuthenticationHeaderValue Authorization => _authorization;

    /// <summary>Puts another key in place of this one.</summary>
    /// <returns>False if it is the same.</returns>
    public bool Rotate(string key)
    {
        var next = Header(key);
        if (next.Parameter == _authorization.Parameter)
        {
            return false;
        }

        _previous = _authorization.Parameter;
        _authorization = next;
        return true;
    }

    /// <summary>A text without the key, and without the one before it: an answer to the last call that went with that may still come.</summary>
    public string Mask(string text) => Redaction.Mask(_previous is { } previous ? text.Replace(previous, "***", StringComparison.Ordinal) : text, _authorization.Parameter);

    /// <summary>Words from elsewhere, fit for messages, logs and traces: without keys and other secrets.</summary>
    public string Redact(string text) => Redaction.Text(Mask(text));

    private static AuthenticationHeaderValue Header(string key) => new("Bearer", key.Trim());
}
