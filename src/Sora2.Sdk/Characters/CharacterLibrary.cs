using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;
using Sora2.Sdk.Storyboards;

namespace Sora2.Sdk;

/// <summary>
/// The characters an application knows, with names of its own for them: prompts say <c>@阳光小猫</c> where the platforms want <c>@ebfb9a758.sunnykitte</c>. A character made on one platform is usable on the
/// other, so one library serves all clients: see <see cref="Sora2ClientOptions.CharacterLibrary"/>. Names are compared without letter case, width and diacritics. Nothing here costs money. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// var library = new CharacterLibrary(new FileCharacterStore("characters.json"));
/// await library.AddAsync(character, "阳光小猫");
/// using var client = Sora2Client.FromEnvironment(options => options.CharacterLibrary = library);
/// var task = await client.Videos.GenerateAsync(new VideoRequest("@阳光小猫 在海边玩"));
/// </code>
/// </example>
/// <param name="store">Where the characters are kept.</param>
/// <param name="timeProvider">The clock for <see cref="LibraryCharacter.AddedAt"/> and <see cref="LibraryCharacter.LastUsedAt"/>; the system's if null.</param>
public sealed class CharacterLibrary(ICharacterStore store, TimeProvider? timeProvider = null)
{
    private readonly ICharacterStore _store = store ?? throw new ArgumentNullException(nameof(store));
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;

    /// <summary>Where the characters are kept.</summary>
    public override string ToString() => $"CharacterLibrary over {LogSanitizer.Path(_store.ToString())}";

    /// <summary>Puts a character into the library. One that is there already gets the platform's newer data, and the alias if one is given; the rest of it stays.</summary>
    /// <param name="character">The character, as <see cref="ICharacterClient.CreateAsync"/> returned it.</param>
    /// <param name="alias">A name for prompts, without the <c>@</c>; null for none. It may hold spaces, in any script.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The character as it is kept.</returns>
    /// <exception cref="Sora2ValidationException">The alias is taken, or cannot be one; or the username cannot be one.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public async Task<LibraryCharacter> AddAsync(Character character, string? alias = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(character);
        if (string.IsNullOrWhiteSpace(character.Username) || character.Username.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '@'))
        {
            throw new Sora2ValidationException($"\"{character.Username}\" is no username; it has no @, no space and no line break, such as ebfb9a758.sunnykitte.");
        }

        return Require(character.Username, await UpdateAsync(characters =>
        {
            var known = characters.FirstOrDefault(known => known.Username == character.Username);
            var kept = new LibraryCharacter
            {
                Username = character.Username,
                Alias = alias is null ? known?.Alias : Alias(alias, character.Username, characters),
                Id = character.Id,
                DisplayName = character.DisplayName,
                Permalink = character.Permalink,
                ProfilePictureUrl = character.ProfilePictureUrl,
                IsFavorite = known?.IsFavorite ?? false,
                AddedAt = known?.AddedAt ?? _clock.GetUtcNow(),
                LastUsedAt = known?.LastUsedAt,
            };
            return known is null ? [.. characters, kept] : [.. characters.Select(other => other == known ? kept : other)];
        }, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Finds characters by a part of their alias, username or display name.</summary>
    /// <param name="text">The part, with or without a leading <c>@</c>; letter case, width and diacritics do not matter. Null or empty finds all.</param>
    /// <param name="filter">Which characters to look at, and so in which order they come.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The characters found; empty if there are none.</returns>
    /// <exception cref="CharacterStoreException">The library cannot be read.</exception>
    public async Task<IReadOnlyList<LibraryCharacter>> SearchAsync(string? text = null, CharacterFilter filter = CharacterFilter.All, CancellationToken cancellationToken = default)
    {
        var characters = await LoadAsync(cancellationToken).ConfigureAwait(false);
        var wanted = NameFolding.Fold(text).TrimStart('@');
        var looked = filter switch
        {
            CharacterFilter.All => characters,
            CharacterFilter.Favorites => characters.Where(character => character.IsFavorite),
            CharacterFilter.RecentlyUsed => characters.Where(character => character.LastUsedAt is not null).OrderByDescending(character => character.LastUsedAt),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, message: null),
        };
        return [.. looked.Where(character => new[] { character.Alias, character.Username, character.DisplayName }.Any(name => NameFolding.Fold(name).Contains(wanted, StringComparison.Ordinal)))];
    }

    /// <summary>Gives a character a name for prompts, or takes it away.</summary>
    /// <param name="name">The character, by username or alias; an <c>@</c> before it does not matter.</param>
    /// <param name="alias">The name, without the <c>@</c>; null for none. It may hold spaces, in any script.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The character as it is kept.</returns>
    /// <exception cref="Sora2ValidationException">The alias is taken, or cannot be one; or the library has no such character.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public Task<LibraryCharacter> SetAliasAsync(string name, string? alias, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, (character, characters) => character with { Alias = alias is null ? null : Alias(alias, character.Username, characters) }, cancellationToken);

    /// <summary>Makes a character a favourite, or none.</summary>
    /// <param name="name">The character, by username or alias; an <c>@</c> before it does not matter.</param>
    /// <param name="isFavorite">Whether it is one from now on.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The character as it is kept.</returns>
    /// <exception cref="Sora2ValidationException">The library has no such character.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public Task<LibraryCharacter> SetFavoriteAsync(string name, bool isFavorite, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, (character, _) => character with { IsFavorite = isFavorite }, cancellationToken);

    /// <summary>Takes a character out of the library. On the platforms it stays.</summary>
    /// <param name="name">The character, by username or alias; an <c>@</c> before it does not matter.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var wasThere = false;
        await UpdateAsync(characters =>
        {
            var character = Find(name, characters);
            wasThere = character is not null;
            return [.. characters.Where(other => other != character)];
        }, cancellationToken).ConfigureAwait(false);
        return wasThere;
    }

    /// <summary>
    /// Puts usernames in the place of aliases: <c>@阳光小猫在海边玩</c> becomes <c>@ebfb9a758.sunnykitte 在海边玩</c>. The longest name that fits counts, and text may follow it without a space in scripts that have none between
    /// words. Exactly one space comes before and after a mention, but none where the text begins or ends. E-mail and web addresses, unknown <c>@words</c> and all other text stay as they are. Usernames stay, so resolving
    /// twice changes nothing more; a username as it is goes before an alias. A client with a library does this by itself.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The prompt to send, what was replaced in it, and what was not.</returns>
    /// <exception cref="CharacterStoreException">The library cannot be read. It is not read for a prompt without an <c>@</c>.</exception>
    public async Task<MentionResolution> ResolveMentionsAsync(string prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return MentionText.Resolve(prompt, MentionText.MayMention(prompt) ? await LoadAsync(cancellationToken).ConfigureAwait(false) : []);
    }

    /// <summary>
    /// Puts usernames in the place of aliases in every scene of a storyboard; see <see cref="ResolveMentionsAsync(string, CancellationToken)"/>. Line breaks within a scene that mentions somebody become spaces, as in its text.
    /// A client with a library does this by itself.
    /// </summary>
    /// <param name="storyboard">The storyboard.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The storyboard to send, and what was replaced in it and what was not.</returns>
    /// <exception cref="CharacterStoreException">The library cannot be read. It is not read for a storyboard without an <c>@</c>.</exception>
    public async Task<(Storyboard Storyboard, MentionResolution Mentions)> ResolveMentionsAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var characters = storyboard.Shots.Any(shot => MentionText.MayMention(shot.Scene)) ? await LoadAsync(cancellationToken).ConfigureAwait(false) : [];
        var scenes = storyboard.Shots.Select(shot => MentionText.Resolve(MentionText.MayMention(shot.Scene) ? StoryboardPrompt.OnOneLine(shot.Scene) : shot.Scene, characters)).ToList();
        storyboard = storyboard with { Shots = [.. storyboard.Shots.Zip(scenes, (shot, scene) => shot with { Scene = scene.Prompt })] };
        return (storyboard, new MentionResolution
        {
            Prompt = storyboard.ToPrompt(),
            Resolved = [.. scenes.SelectMany(scene => scene.Resolved)],
            Unresolved = [.. scenes.SelectMany(scene => scene.Unresolved)],
            Unknown = [.. scenes.SelectMany(scene => scene.Unknown)],
        });
    }

    /// <summary>Remembers that characters were used just now. A client with a library does this by itself, once a create that mentions them was accepted.</summary>
    /// <param name="names">The characters, by username or alias; those that the library does not have are passed over.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>A task that ends when it is kept.</returns>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public Task MarkUsedAsync(IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        var wanted = names.ToList();
        var now = _clock.GetUtcNow();
        return UpdateAsync(characters =>
        {
            var used = wanted.Select(name => Find(name, characters)).ToHashSet();
            return [.. characters.Select(character => used.Contains(character) ? character with { LastUsedAt = now } : character)];
        }, cancellationToken);
    }

    private async Task<LibraryCharacter> ChangeAsync(string name, Func<LibraryCharacter, IReadOnlyList<LibraryCharacter>, LibraryCharacter> change, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var username = name;
        var kept = await UpdateAsync(characters =>
        {
            var character = Require(name, characters);
            var changed = change(character, characters);
            username = character.Username;
            return [.. characters.Select(other => other == character ? changed : other)];
        }, cancellationToken).ConfigureAwait(false);
        return Require(username, kept);
    }

    private static LibraryCharacter Require(string name, IReadOnlyList<LibraryCharacter> characters) => Find(name, characters)
        ?? throw new Sora2ValidationException($"The library has no character with the username or alias \"{name}\". In a username letter case matters; AddAsync puts a character in.");

    /// <summary>A username as it is goes before an alias, as in a prompt.</summary>
    private static LibraryCharacter? Find(string name, IReadOnlyList<LibraryCharacter> characters)
    {
        var bare = name.Trim().TrimStart('@');
        var folded = NameFolding.Fold(bare);
        return characters.FirstOrDefault(character => character.Username == bare)
            ?? (folded.Length == 0 ? null : characters.FirstOrDefault(character => NameFolding.Fold(character.Alias) == folded));
    }

    /// <summary>An alias as it is kept, if it can be one and nobody has it.</summary>
    private static string Alias(string alias, string username, IReadOnlyList<LibraryCharacter> characters)
    {
        var name = alias.Trim();
        var folded = NameFolding.Fold(name);
        if (folded.Length == 0 || MentionText.MayMention(name) || name.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
        {
            throw new Sora2ValidationException($"\"{alias}\" cannot be an alias: it needs something that can be seen, and has no @ and no line break. For example 阳光小猫.");
        }

        return characters.FirstOrDefault(other => other.Username != username && (NameFolding.Fold(other.Alias) == folded || NameFolding.Fold(other.Username) == folded)) is not { } other
            ? name
            : throw new Sora2ValidationException($"The alias \"{name}\" is taken: {other} has it, where letter case, width and diacritics do not count. Choose another, or take it away there first.");
    }

    private Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken) => StoreAsync(_store.LoadAsync, "read", cancellationToken);

    private Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken) =>
        StoreAsync(token => _store.UpdateAsync(change, token), "changed", cancellationToken);

    /// <summary>Whatever a store of the caller's own throws, it is told as what it means here.</summary>
    private static async Task<IReadOnlyList<LibraryCharacter>> StoreAsync(Func<CancellationToken, Task<IReadOnlyList<LibraryCharacter>>> ask, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not Sora2Exception && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new CharacterStoreException($"The character library could not be {what}: {e.Message}", e);
        }
    }
}
