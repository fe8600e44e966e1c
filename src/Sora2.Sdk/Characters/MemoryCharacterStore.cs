using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Keeps characters in memory, for as long as this object lives.</summary>
public sealed class MemoryCharacterStore : ICharacterStore
{
    private readonly object _gate = new();
    private IReadOnlyList<LibraryCharacter> _characters = [];

    /// <inheritdoc />
    public Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(Volatile.Read(ref _characters));

    /// <inheritdoc />
    public Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(
        Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            Volatile.Write(ref _characters, [.. change(_characters)]);
            return Task.FromResult(_characters);
        }
    }

    /// <summary>Returns one line with the number of characters.</summary>
    public override string ToString() => $"MemoryCharacterStore ({DisplayFormat.Count(Volatile.Read(ref _characters).Count, "character")})";
}
