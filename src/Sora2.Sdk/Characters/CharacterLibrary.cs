using System.Globalization;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;
using Sora2.Sdk.Storyboards;

namespace Sora2.Sdk;

/// <summary>
/// An application's characters with its own names for them: <c>@阳光小猫</c> in a prompt becomes <c>@ebfb9a758.sunnykitte</c>.
/// </summary>
/// <remarks>
/// <para>
/// A character made on one platform works on the other, so one library serves all clients: see
/// <see cref="Sora2ClientOptions.CharacterLibrary"/>. Nothing here costs money. Thread-safe.
/// </para>
/// <para>
/// Names are compared without regard to letter case and the width of ASCII letters. Names with different accents are different.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var library = new CharacterLibrary(new FileCharacterStore("characters.json"));
/// await library.AddAsync(character, "阳光小猫");
/// using var client = Sora2Client.FromEnvironment(options => options.CharacterLibrary = library);
/// var task = await client.Videos.GenerateAsync(new VideoRequest("@阳光小猫 在海边玩"));
/// </code>
/// </example>
/// <param name="store">The store that keeps the characters.</param>
/// <param name="timeProvider">
/// The clock for <see cref="LibraryCharacter.AddedAt"/> and <see cref="LibraryCharacter.LastUsedAt"/>; <see langword="null"/> for the
/// system clock.
/// </param>
public sealed class CharacterLibrary(ICharacterStore store, TimeProvider? timeProvider = null)
{
    private readonly ICharacterStore _store = store ?? throw new ArgumentNullException(nameof(store));
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;

    /// <summary>Returns one line that names the store.</summary>
    public override string ToString() => $"CharacterLibrary over {LogSanitizer.Path(_store.ToString())}";

    /// <summary>Adds a character, or updates the one with the same username.</summary>
    /// <remarks>An update replaces what the platform said of the character, and the alias if one is given; the rest stays.</remarks>
    /// <param name="character">The character, as <see cref="ICharacterClient.CreateAsync"/> returned it.</param>
    /// <param name="alias">
    /// A name for prompts, without the <c>@</c>, in any script, spaces allowed; <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character as it is stored.</returns>
    /// <exception cref="Sora2ValidationException">The username is not valid, or the alias is not valid or in use.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public async Task<LibraryCharacter> AddAsync(Character character, string? alias = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(character);
        if (string.IsNullOrWhiteSpace(character.Username)
            || character.Username.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '@'))
        {
            throw new Sora2ValidationException(
                $"\"{character.Username}\" is not a valid username. Use one without @, spaces and line breaks, such as ebfb9a758.sunny.");
        }

        var all = await UpdateAsync(characters =>
        {
            var known = characters.FirstOrDefault(known => known.Username == character.Username);
            var stored = new LibraryCharacter
            {
                Username = character.Username,
                Alias = alias is null ? known?.Alias : ValidAlias(alias, character.Username, characters),
                Id = character.Id,
                DisplayName = character.DisplayName,
                Permalink = character.Permalink,
                ProfilePictureUrl = character.ProfilePictureUrl,
                IsFavorite = known?.IsFavorite ?? false,
                AddedAt = known?.AddedAt ?? _clock.GetUtcNow(),
                LastUsedAt = known?.LastUsedAt,
            };
            return known is null ? [.. characters, stored] : [.. characters.Select(other => other == known ? stored : other)];
        }, cancellationToken).ConfigureAwait(false);
        return Require(character.Username, all);
    }

    /// <summary>Finds characters by a part of their alias, username or display name.</summary>
    /// <param name="text">
    /// The part, with or without a leading <c>@</c>, in any letter case and width; <see langword="null"/> or empty to find all.
    /// </param>
    /// <param name="filter">The characters to search, which also sets their order.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The characters found; empty if there are none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The filter is not a member of <see cref="CharacterFilter"/>.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read.</exception>
    public async Task<IReadOnlyList<LibraryCharacter>> SearchAsync(
        string? text = null,
        CharacterFilter filter = CharacterFilter.All,
        CancellationToken cancellationToken = default)
    {
        var characters = await LoadAsync(cancellationToken).ConfigureAwait(false);
        var part = NameIndex.Fold(text).TrimStart('@');
        var candidates = filter switch
        {
            CharacterFilter.All => characters,
            CharacterFilter.Favorites => characters.Where(character => character.IsFavorite),
            CharacterFilter.RecentlyUsed => characters
                .Where(character => character.LastUsedAt is not null)
                .OrderByDescending(character => character.LastUsedAt),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, message: null),
        };
        return
        [
            .. candidates.Where(character => new[] { character.Alias, character.Username, character.DisplayName }
                .Any(name => NameIndex.Fold(name).Contains(part, StringComparison.Ordinal))),
        ];
    }

    /// <summary>Sets or removes the alias of a character.</summary>
    /// <param name="name">The character's username or alias, with or without a leading <c>@</c>.</param>
    /// <param name="alias">The new alias, without the <c>@</c>, in any script, spaces allowed; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character as it is stored.</returns>
    /// <exception cref="Sora2ValidationException">The alias is not valid or in use, or the library has no such character.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public Task<LibraryCharacter> SetAliasAsync(string name, string? alias, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            name,
            (character, characters) => character with { Alias = alias is null ? null : ValidAlias(alias, character.Username, characters) },
            cancellationToken);

    /// <summary>Marks a character as a favourite, or removes the mark.</summary>
    /// <param name="name">The character's username or alias, with or without a leading <c>@</c>.</param>
    /// <param name="isFavorite">Whether it is a favourite.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character as it is stored.</returns>
    /// <exception cref="Sora2ValidationException">The library has no such character.</exception>
    /// <exception cref="CharacterStoreException">The library cannot be read or written.</exception>
    public Task<LibraryCharacter> SetFavoriteAsync(string name, bool isFavorite, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, (character, _) => character with { IsFavorite = isFavorite }, cancellationToken);

    /// <summary>Removes a character from the library. It stays on the platforms.</summary>
    /// <param name="name">The character's username or alias, with or without a leading <c>@</c>.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>Whether the library had the character.</returns>
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

    /// <summary>Replaces aliases in a prompt with usernames: <c>@阳光小猫在海边玩</c> becomes <c>@ebfb9a758.sunnykitte 在海边玩</c>.</summary>
    /// <remarks>
    /// <para>A client with a library does this by itself.</para>
    /// <para>
    /// The longest name that matches counts, but a username in its exact spelling comes before an alias. Text may follow a name without a
    /// space, except that a name that ends in an ASCII letter or digit ends where the word does. One space is left before and after each
    /// mention, none at the ends of the prompt. E-mail and web addresses, unknown <c>@words</c> and all other text are not changed.
    /// Usernames are not changed either, so that resolving a resolved prompt returns it unchanged.
    /// </para>
    /// </remarks>
    /// <param name="prompt">The prompt.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The prompt to send, and which mentions were replaced and which were not.</returns>
    /// <exception cref="CharacterStoreException">The library cannot be read. It is not read for a prompt without an <c>@</c>.</exception>
    public async Task<MentionResolution> ResolveMentionsAsync(string prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var characters = MentionText.MayMention(prompt) ? await LoadAsync(cancellationToken).ConfigureAwait(false) : [];
        return MentionText.Resolve(prompt, characters);
    }

    /// <summary>Replaces aliases in every scene of a storyboard with usernames, as in a prompt.</summary>
    /// <remarks>
    /// A client with a library does this by itself; the rules are those of <see cref="ResolveMentionsAsync(string, CancellationToken)"/>.
    /// Line breaks in a scene with an <c>@</c> become spaces, as they do when the storyboard is sent.
    /// </remarks>
    /// <param name="storyboard">The storyboard.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The storyboard to send, and which mentions were replaced and which were not.</returns>
    /// <exception cref="CharacterStoreException">
    /// The library cannot be read. It is not read for a storyboard without an <c>@</c>.
    /// </exception>
    public async Task<(Storyboard Storyboard, MentionResolution Mentions)> ResolveMentionsAsync(
        Storyboard storyboard,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var characters = storyboard.Shots.Any(shot => MentionText.MayMention(shot.Scene))
            ? await LoadAsync(cancellationToken).ConfigureAwait(false)
            : [];
        var scenes = storyboard.Shots
            .Select(shot => MentionText.MayMention(shot.Scene) ? StoryboardPrompt.OnOneLine(shot.Scene) : shot.Scene)
            .Select(scene => MentionText.Resolve(scene, characters))
            .ToList();
        storyboard = storyboard with { Shots = [.. storyboard.Shots.Zip(scenes, (shot, scene) => shot with { Scene = scene.Prompt })] };
        return (storyboard, new MentionResolution
        {
            Prompt = storyboard.ToPrompt(),
            Resolved = [.. scenes.SelectMany(scene => scene.Resolved)],
            Unresolved = [.. scenes.SelectMany(scene => scene.Unresolved)],
            Unknown = [.. scenes.SelectMany(scene => scene.Unknown)],
        });
    }

    /// <summary>Records that characters were used now.</summary>
    /// <remarks>A client with a library does this by itself, once a create that mentions them was accepted.</remarks>
    /// <param name="names">The characters' usernames or aliases; names that the library does not have are ignored.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>A task that completes when the change is stored.</returns>
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

    private async Task<LibraryCharacter> ChangeAsync(
        string name,
        Func<LibraryCharacter, IReadOnlyList<LibraryCharacter>, LibraryCharacter> change,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var username = name;
        var stored = await UpdateAsync(characters =>
        {
            var character = Require(name, characters);
            var changed = change(character, characters);
            username = character.Username;
            return [.. characters.Select(other => other == character ? changed : other)];
        }, cancellationToken).ConfigureAwait(false);
        return Require(username, stored);
    }

    private static LibraryCharacter Require(string name, IReadOnlyList<LibraryCharacter> characters) => Find(name, characters)
        ?? throw new Sora2ValidationException(
            $"The library has no character with the username or alias \"{name}\". "
            + "Add it with AddAsync; letter case matters in a username.");

    /// <summary>Returns a character by name; an exact username comes before an alias, as in a prompt.</summary>
    private static LibraryCharacter? Find(string name, IReadOnlyList<LibraryCharacter> characters)
    {
        var bare = name.Trim().TrimStart('@');
        var folded = NameIndex.Fold(bare);
        return characters.FirstOrDefault(character => character.Username == bare)
            ?? (folded.Length == 0 ? null : characters.FirstOrDefault(character => NameIndex.Fold(character.Alias) == folded));
    }

    /// <summary>Returns an alias as it is stored.</summary>
    /// <exception cref="Sora2ValidationException">It is not valid, or another character has it.</exception>
    private static string ValidAlias(string alias, string username, IReadOnlyList<LibraryCharacter> characters)
    {
        var name = alias.Trim();
        if (!name.Any(IsVisible)
            || MentionText.MayMention(name)
            || name.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
        {
            throw new Sora2ValidationException(
                $"\"{alias}\" is not a valid alias. Use at least one visible character, no @ and no line break, for example 阳光小猫.");
        }

        var folded = NameIndex.Fold(name);
        var owner = characters.FirstOrDefault(other => other.Username != username
            && (NameIndex.Fold(other.Alias) == folded || NameIndex.Fold(other.Username) == folded));
        return owner is not null
            ? throw new Sora2ValidationException(
                $"The alias \"{name}\" is in use by {owner}; letter case and width do not distinguish names. "
                + "Choose another, or remove it there first.")
            : name;

        static bool IsVisible(char letter) => !char.IsWhiteSpace(letter)
            && char.GetUnicodeCategory(letter)
                is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);
    }

    private Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken) =>
        CallStoreAsync(_store.LoadAsync, "read", cancellationToken);

    private Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(
        Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change,
        CancellationToken cancellationToken) =>
        CallStoreAsync(token => _store.UpdateAsync(change, token), "changed", cancellationToken);

    /// <summary>Calls the store; what an application's own store throws is reported as a <see cref="CharacterStoreException"/>.</summary>
    private static async Task<IReadOnlyList<LibraryCharacter>> CallStoreAsync(
        Func<CancellationToken, Task<IReadOnlyList<LibraryCharacter>>> call,
        string verb,
        CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (Sora2Exception or OperationCanceledException)
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CharacterStoreException($"The character library could not be {verb}: {e.Message}", e);
        }
    }
}
