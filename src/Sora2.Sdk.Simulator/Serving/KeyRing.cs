namespace Sora2.Sdk.Simulator.Serving;

/// <summary>The key that the platforms accept, and the previous keys: sending one of those to the media host is a leak as well.</summary>
internal sealed class KeyRing(string key, bool acceptsBareKey)
{
    private volatile string[] _keys = [key];

    /// <summary>The accepted key.</summary>
    public string Current => _keys[^1];

    /// <summary>Whether the platforms accept the key without <c>Bearer</c> in front of it.</summary>
    public bool AcceptsBareKey { get; } = acceptsBareKey;

    public void Rotate(string key) => _keys = [.. _keys.Where(old => old != key), key];

    /// <summary>Whether a text contains any of the keys.</summary>
    public bool AppearIn(string text) => _keys.Any(key => text.Contains(key, StringComparison.Ordinal));

    public string Redact(string text) => _keys.Aggregate(text, (redacted, key) => redacted
        .Replace(key, "[the key]", StringComparison.Ordinal)
        .Replace(Uri.EscapeDataString(key), "[the key]", StringComparison.Ordinal));
}
