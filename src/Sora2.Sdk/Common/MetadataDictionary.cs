using System.Collections.ObjectModel;

namespace Sora2.Sdk.Common;

/// <summary>A copy of the caller's metadata that cannot change and is compared by its content.</summary>
internal sealed class MetadataDictionary : ReadOnlyDictionary<string, string>
{
    public static readonly MetadataDictionary None = new(new Dictionary<string, string>(StringComparer.Ordinal));

    private MetadataDictionary(Dictionary<string, string> entries)
        : base(entries)
    {
    }

    public static MetadataDictionary From(IReadOnlyDictionary<string, string>? metadata) =>
        metadata as MetadataDictionary ?? (metadata is null or { Count: 0 } ? None : new(new(metadata, StringComparer.Ordinal)));

    public override bool Equals(object? obj) => obj is MetadataDictionary other && Count == other.Count
        && this.All(entry => other.TryGetValue(entry.Key, out var value) && value == entry.Value);

    public override int GetHashCode() => this.Aggregate(0, (hash, entry) => hash ^ HashCode.Combine(entry.Key, entry.Value));
}
