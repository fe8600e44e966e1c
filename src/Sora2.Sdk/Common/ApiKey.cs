using System.Net.Http.Headers;

namespace Sora2.Sdk.Common;

/// <summary>
/// The key of one client, which may be exchanged while calls run. Every attempt takes it once, at its start: the next one goes with the new key, and what comes back is masked by the key that was sent.
/// </summary>
internal sealed class ApiKey(string key)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private volatile AuthenticationHeaderValue _authorization = Header(key);
    private volatile string? _previous;
    private long _exchangedAt = long.MinValue;

    /// <summary>The header that carries the key; its parameter is the key.</summary>
    public AuthenticationHeaderValue Authorization => _authorization;

    /// <summary>Puts another key in place of this one.</summary>
    /// <param name="key">The new one.</param>
    /// <param name="clock">Says when that was.</param>
    /// <returns>False if it is the same.</returns>
    public bool Rotate(string key, TimeProvider clock)
    {
        var next = Header(key);
        if (next.Parameter == _authorization.Parameter)
        {
            return false;
        }

        _previous = _authorization.Parameter;
        _authorization = next;
        Volatile.Write(ref _exchangedAt, clock.GetTimestamp());
        return true;
    }

    /// <summary>
    /// Whether it was exchanged so lately that a refusal may pass: the platform may not take the new one yet, or the call went out with the old one, which it takes no more.
    /// </summary>
    public bool IsNew(TimeProvider clock) => Volatile.Read(ref _exchangedAt) is var at and not long.MinValue && clock.GetElapsedTime(at) < Grace;

    /// <summary>A text without the key, and without the one before it: an answer to the last call that went with that may still come.</summary>
    public string Mask(string text)
    {
        var current = _authorization.Parameter; // Before the one before it: an exchange in between then leaves both masked.
        return Redaction.Mask(_previous is { } previous ? Redaction.Mask(text, previous) : text, current);
    }

    /// <summary>An answer without either.</summary>
    public ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body)
    {
        var current = _authorization.Parameter!;
        return Redaction.Mask(_previous is { } previous ? Redaction.Mask(body, previous) : body, current);
    }

    /// <summary>Words from elsewhere, fit for messages, logs and traces: without keys and other secrets.</summary>
    public string Redact(string text) => Redaction.Text(Mask(text));

    private static AuthenticationHeaderValue Header(string key) => new("Bearer", key.Trim());
}
