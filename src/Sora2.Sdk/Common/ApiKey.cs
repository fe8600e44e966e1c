using System.Net.Http.Headers;

namespace Sora2.Sdk.Common;

/// <summary>The API key of one client, which may rotate while calls run.</summary>
/// <remarks>Every attempt reads it once, at its start; the next attempt is sent with the new key.</remarks>
internal sealed class ApiKey(string key)
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMinutes(5);

    private volatile AuthenticationHeaderValue _authorization = Header(key);
    private volatile string? _previous;
    private long _rotatedAt = long.MinValue;

    /// <summary>The header that carries the key; its parameter is the key.</summary>
    public AuthenticationHeaderValue Authorization => _authorization;

    /// <summary>Replaces the key.</summary>
    /// <returns>False if it is the same key.</returns>
    public bool Rotate(string key, TimeProvider clock)
    {
        var next = Header(key);
        if (next.Parameter == _authorization.Parameter)
        {
            return false;
        }

        _previous = _authorization.Parameter;
        _authorization = next;
        Volatile.Write(ref _rotatedAt, clock.GetTimestamp());
        return true;
    }

    /// <summary>Whether the key was replaced in the last five minutes, so that a refusal may be temporary.</summary>
    /// <remarks>The platform may not accept the new key yet, or the call was sent with the old one.</remarks>
    public bool WasRotatedRecently(TimeProvider clock) =>
        Volatile.Read(ref _rotatedAt) is var at and not long.MinValue && clock.GetElapsedTime(at) < GracePeriod;

    /// <summary>Redacts the key in a text, and the previous one: the response to a call that was sent with that may still come.</summary>
    public string Mask(string text)
    {
        var current = _authorization.Parameter; // Read before the previous one, so that a rotation in between redacts both.
        return Redaction.Mask(_previous is { } previous ? Redaction.Mask(text, previous) : text, current);
    }

    /// <summary>Redacts both keys in a response body.</summary>
    public ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body)
    {
        var current = _authorization.Parameter!;
        return Redaction.Mask(_previous is { } previous ? Redaction.Mask(body, previous) : body, current);
    }

    /// <summary>Redacts keys and other secrets in a text for messages, logs and traces.</summary>
    public string Redact(string text) => Redaction.Redact(Mask(text));

    private static AuthenticationHeaderValue Header(string key) => new("Bearer", key.Trim());
}
