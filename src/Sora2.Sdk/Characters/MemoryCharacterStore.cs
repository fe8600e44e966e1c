using System.Runtime.CompilerServices;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Keeps characters in memory, for as long as this object lives.</summary>
public sealed class MemoryCharacterStore : ICharacterStore
{
    private readonly object _gate = new();
    private IReadOnlyList<LibraryCharacter> _characters = []; // replaced as a whole, so that a reader needs no lock

    /// <inheritdoc />
    public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(CharacterList.Find(Volatile.Read(ref _characters), name));

    /// <inheritdoc />
    public async IAsyncEnumerable<LibraryCharacter> SearchAsync(
        CharacterQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var character in CharacterList.Search(Volatile.Read(ref _characters), query))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return character;
        }
    }

    /// <inheritdoc />
    public Task<LibraryCharacter?> UpsertAsync(
        string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            var (characters, stored) = CharacterList.Upsert(_characters, username, change);
            Volatile.Write(ref _characters, characters);
            return Task.FromResult(stored);
        }
    }

    /// <inheritdoc />
    public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(username);
        lock (_gate)
        {
            var rest = CharacterList.Remove(_characters, username);
            var wasThere = rest != _characters;
            Volatile.Write(ref _characters, rest);
            return Task.FromResult(wasThere);
        }
    }

    /// <summary>Returns one line with the number of characters.</summary>
    public override string ToString() => $"MemoryCharacterStore ({DisplayFormat.Count(Volatile.Read(ref _characters).Count, "character")})";
}
