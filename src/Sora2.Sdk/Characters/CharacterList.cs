namespace Sora2.Sdk.Characters;

/// <summary>The operations of an <see cref="ICharacterStore"/> on a list, which the stores of the SDK keep.</summary>
internal static class CharacterList
{
    /// <inheritdoc cref="ICharacterStore.FindAsync"/>
    public static LibraryCharacter? Find(IReadOnlyList<LibraryCharacter> characters, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (characters.FirstOrDefault(character => character.Username == name) is { } exact)
        {
            return exact;
        }

        var folded = NameIndex.Fold(name);
        return folded.Length == 0
            ? null
            : characters.FirstOrDefault(character => NameIndex.Fold(character.Alias) == folded)
                ?? characters.FirstOrDefault(character => NameIndex.Fold(character.Username) == folded);
    }

    /// <inheritdoc cref="ICharacterStore.SearchAsync"/>
    public static IReadOnlyList<LibraryCharacter> Search(IReadOnlyList<LibraryCharacter> characters, CharacterQuery query)
    {
        CharacterQuery.Validate(query);
        var part = NameIndex.Fold(query.Text);
        var candidates = query.Filter switch
        {
            CharacterFilter.Favorites => characters.Where(character => character.IsFavorite),
            CharacterFilter.RecentlyUsed => characters
                .Where(character => character.LastUsedAt is not null)
                .OrderByDescending(character => character.LastUsedAt),
            _ => characters,
        };
        return
        [
            .. candidates
                .Where(character => part.Length == 0 || new[] { character.Alias, character.Username, character.DisplayName }
                    .Any(name => NameIndex.Fold(name).Contains(part, StringComparison.Ordinal)))
                .Take(query.Limit ?? int.MaxValue),
        ];
    }

    /// <summary>Returns the list with one character added or changed, or the same list if nothing changes.</summary>
    /// <inheritdoc cref="ICharacterStore.UpsertAsync" path="/exception"/>
    public static (IReadOnlyList<LibraryCharacter> Characters, LibraryCharacter? Stored) Upsert(
        IReadOnlyList<LibraryCharacter> characters, string username, Func<LibraryCharacter?, LibraryCharacter?> change)
    {
        var known = characters.FirstOrDefault(character => character.Username == username);
        var stored = change(known);
        if (stored is null || stored == known)
        {
            return (characters, stored);
        }

        if (stored.Username != username)
        {
            throw new ArgumentException(
                $"The change of \"{username}\" returned the character \"{stored.Username}\"; a username cannot be changed.",
                nameof(change));
        }

        // A file that was edited by hand may have an alias twice; only a new one is refused.
        if (stored.Alias is { } alias && alias != known?.Alias && AliasOwner(characters, alias, username) is { } owner)
        {
            throw AliasInUse(alias, owner);
        }

        IReadOnlyList<LibraryCharacter> after = known is null
            ? [.. characters, stored]
            : [.. characters.Select(other => other == known ? stored : other)];
        return (after, stored);
    }

    /// <summary>Returns the list without a character, or the same list if it is not there.</summary>
    public static IReadOnlyList<LibraryCharacter> Remove(IReadOnlyList<LibraryCharacter> characters, string username) =>
        characters.Any(character => character.Username == username)
            ? [.. characters.Where(character => character.Username != username)]
            : characters;

    public static Sora2ValidationException AliasInUse(string alias, LibraryCharacter owner) => new(
        $"The alias \"{alias}\" is in use by {owner}; letter case and width do not distinguish names. "
        + "Choose another, or remove it there first.");

    private static LibraryCharacter? AliasOwner(IReadOnlyList<LibraryCharacter> characters, string alias, string username)
    {
        var folded = NameIndex.Fold(alias);
        return characters.FirstOrDefault(other => other.Username != username
            && (NameIndex.Fold(other.Alias) == folded || NameIndex.Fold(other.Username) == folded));
    }
}
