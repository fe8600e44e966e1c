namespace Sora2.Sdk.Simulator;

/// <summary>The key that the platforms take, and those that they took before: an old one is as much of a leak.</summary>
internal sealed class KeyRing(string key, bool takesBareKey)
{
    private volatile string[] _keys = [key];

    /// <summary>The one that is taken.</summary>
    public string Current => _keys[^1];

    /// <summary>Whether the platforms take the key without <c>Bearer</c> in front of it.</summary>
    public bool TakesBareKey { get; } = takesBareKey;

    public void Rotate(string key) => _keys = [.. _keys.Where(old => old != key), key];

    /// <summary>Whether any of them stands in a text.</summary>
    public bool AreIn(string text) => _keys.Any(key => text.Contains(key, StringComparison.Ordinal));

    public string Mask(string text) => _keys.Aggregate(text, (masked, key) =>
        masked.Replace(key, "[the key]", StringComparison.Ordinal).Replace(Uri.EscapeDataString(key), "[the key]", StringComparison.Ordinal));
}
