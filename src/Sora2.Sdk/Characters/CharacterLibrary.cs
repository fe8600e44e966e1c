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
/// using var client = Sora2Client.FromEnvironment(options => options.CharacterLibrary = library);
/// await client.Characters.CreateAsync(CharacterRequest.FromTask(source, new TimeRange(1, 3)) with { Alias = "阳光小猫" });
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
    /// <exception cref="StorageException">The library cannot be read or written.</exception>
    public async Task<LibraryCharacter> AddAsync(Character character, string? alias = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(character);
        if (string.IsNullOrWhiteSpace(character.Username)
            || character.Username.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '@'))
        {
            throw new Sora2ValidationException(
                $"\"{character.Username}\" is not a valid username. Use one without @, spaces and line breaks, such as ebfb9a758.sunny.");
        }

        var given = alias is null ? null : ValidAlias(alias);
        await ThrowIfInUseAsync(given, character.Username, cancellationToken).ConfigureAwait(false);
        var now = _clock.GetUtcNow();
        var stored = await UpsertAsync(
            character.Username,
            known => new LibraryCharacter
            {
                Username = character.Username,
                Alias = given ?? known?.Alias,
                Id = character.Id,
                DisplayName = character.DisplayName,
                Permalink = character.Permalink,
                ProfilePictureUrl = character.ProfilePictureUrl,
                IsFavorite = known?.IsFavorite ?? false,
                AddedAt = known?.AddedAt ?? now,
                LastUsedAt = known?.LastUsedAt,
            },
            cancellationToken).ConfigureAwait(false);
        return stored!;
    }

    /// <summary>Finds a character by its username or alias.</summary>
    /// <param name="name">
    /// The name, with or without a leading <c>@</c>, in any letter case and width. A username in its exact spelling comes before an alias,
    /// as in a prompt.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character; <see langword="null"/> if the library has none with this name.</returns>
    /// <exception cref="StorageException">The library cannot be read.</exception>
    public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return FindAsync(name, "read", cancellationToken);
    }

    /// <summary>Finds characters by a part of their alias, username or display name.</summary>
    /// <param name="text">
    /// The part, with or without a leading <c>@</c>, in any letter case and width; <see langword="null"/> or empty to find all.
    /// </param>
    /// <param name="filter">The characters to search, which also sets their order.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The characters found; empty if there are none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The filter is not a member of <see cref="CharacterFilter"/>.</exception>
    /// <exception cref="StorageException">The library cannot be read.</exception>
    public Task<IReadOnlyList<LibraryCharacter>> SearchAsync(
        string? text = null,
        CharacterFilter filter = CharacterFilter.All,
        CancellationToken cancellationToken = default) =>
        SearchAsync(new CharacterQuery { Text = text, Filter = filter }, cancellationToken);

    /// <summary>Finds characters by a part of their alias, username or display name, up to a limit.</summary>
    /// <param name="query">The text, with or without a leading <c>@</c>, the filter and the limit.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The characters found; empty if there are none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The filter is not a member of <see cref="CharacterFilter"/>, or the limit is less than 1.
    /// </exception>
    /// <exception cref="StorageException">The library cannot be read.</exception>
    public Task<IReadOnlyList<LibraryCharacter>> SearchAsync(CharacterQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        CharacterQuery.Validate(query);
        var normalized = query with { Text = NameIndex.Fold(query.Text).TrimStart('@') };
        return CallStoreAsync(
            async token =>
            {
                var found = new List<LibraryCharacter>();
                await foreach (var character in _store.SearchAsync(normalized, token).ConfigureAwait(false))
                {
                    found.Add(character);
                }

                return (IReadOnlyList<LibraryCharacter>)found;
            },
            "read",
            cancellationToken);
    }

    /// <summary>Sets or removes the alias of a character.</summary>
    /// <param name="name">The character's username or alias, with or without a leading <c>@</c>.</param>
    /// <param name="alias">The new alias, without the <c>@</c>, in any script, spaces allowed; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character as it is stored.</returns>
    /// <exception cref="Sora2ValidationException">The alias is not valid or in use, or the library has no such character.</exception>
    /// <exception cref="StorageException">The library cannot be read or written.</exception>
    public async Task<LibraryCharacter> SetAliasAsync(string name, string? alias, CancellationToken cancellationToken = default)
    {
        var given = alias is null ? null : ValidAlias(alias);
        var character = await RequireAsync(name, cancellationToken).ConfigureAwait(false);
        await ThrowIfInUseAsync(given, character.Username, cancellationToken).ConfigureAwait(false);
        return await ChangeAsync(name, character.Username, current => current with { Alias = given }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Marks a character as a favourite, or removes the mark.</summary>
    /// <param name="name">The character's username or alias, with or without a leading <c>@</c>.</param>
    /// <param name="isFavorite">Whether it is a favourite.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character as it is stored.</returns>
    /// <exception cref="Sora2ValidationException">The library has no such character.</exception>
    /// <exception cref="StorageException">The library cannot be read or written.</exception>
    public async Task<LibraryCharacter> SetFavoriteAsync(string name, bool isFavorite, CancellationToken cancellationToken = default)
    {
        var character = await RequireAsync(name, cancellationToken).ConfigureAwait(false);
        return await ChangeAsync(name, character.Username, current => current with { IsFavorite = isFavorite }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Removes a character from the library. It stays on the platforms.</summary>
    /// <param name="name">The character's username or alias, with or without a leading <c>@</c>.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>Whether the library had the character.</returns>
    /// <exception cref="StorageException">The library cannot be read or written.</exception>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var character = await FindAsync(name, "changed", cancellationToken).ConfigureAwait(false);
        return character is not null
            && await CallStoreAsync(token => _store.RemoveAsync(character.Username, token), "changed", cancellationToken)
                .ConfigureAwait(false);
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
    /// <exception cref="StorageException">The library cannot be read. It is not read for a prompt without an <c>@</c>.</exception>
    public async Task<MentionResolution> ResolveMentionsAsync(string prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var characters = MentionText.MayMention(prompt)
            ? await SearchAsync(new CharacterQuery(), cancellationToken).ConfigureAwait(false)
            : [];
        return MentionText.Resolve(prompt, characters);
    }

    /// <summary>Resolves the mentions in a request.</summary>
    /// <returns>The request to send, and its mentions; of a storyboard those of all scenes.</returns>
    internal async Task<(GenerationRequest Request, MentionResolution Mentions)> ResolveMentionsAsync(
        GenerationRequest request, CancellationToken cancellationToken)
    {
        if (request is not Storyboard storyboard)
        {
            var mentions = await ResolveMentionsAsync(request.GetPrompt(), cancellationToken).ConfigureAwait(false);
            return (request is RemixRequest remix
                ? remix with { Prompt = mentions.Prompt }
                : ((VideoRequest)request) with { Prompt = mentions.Prompt }, mentions);
        }

        var characters = await SearchAsync(new CharacterQuery(), cancellationToken).ConfigureAwait(false);
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
    /// <exception cref="StorageException">The library cannot be read or written.</exception>
    public async Task MarkUsedAsync(IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        var wanted = names.Select(NameIndex.WithoutSign).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var now = _clock.GetUtcNow();
        foreach (var name in wanted)
        {
            // Most names are usernames, for which one call is enough.
            if (await UpsertAsync(name, Used, cancellationToken).ConfigureAwait(false) is null
                && await FindAsync(name, "changed", cancellationToken).ConfigureAwait(false) is { } character)
            {
                await UpsertAsync(character.Username, Used, cancellationToken).ConfigureAwait(false);
            }
        }

        // A slow change may be stored after a later one of another process.
        LibraryCharacter? Used(LibraryCharacter? current) =>
            current is null || current.LastUsedAt >= now ? current : current with { LastUsedAt = now };
    }

    /// <summary>Checks the alias of a character that does not exist yet.</summary>
    /// <exception cref="Sora2ValidationException">The alias is not valid or in use.</exception>
    /// <exception cref="StorageException">The library cannot be read.</exception>
    internal async Task CheckNewAliasAsync(string alias, CancellationToken cancellationToken)
    {
        if (await FindAsync(ValidAlias(alias), "read", cancellationToken).ConfigureAwait(false) is { } owner)
        {
            throw CharacterList.AliasInUse(alias, owner);
        }
    }

    /// <summary>Returns the form in which names are compared, for a store that keeps it in a column of its own.</summary>
    /// <remarks>
    /// Upper case, full-width ASCII made plain, one space for several and none at the ends. Accents are kept, as they distinguish names.
    /// </remarks>
    /// <param name="name">An alias, a username or a display name.</param>
    /// <returns>The form; empty for <see langword="null"/>. Normalizing it again does not change it.</returns>
    public static string NormalizeName(string? name) => NameIndex.Fold(name);

    private Task<LibraryCharacter?> FindAsync(string name, string verb, CancellationToken cancellationToken) =>
        NameIndex.WithoutSign(name) is { Length: > 0 } bare
            ? CallStoreAsync(token => _store.FindAsync(bare, token), verb, cancellationToken)
            : Task.FromResult<LibraryCharacter?>(null);

    private async Task<LibraryCharacter> RequireAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return await FindAsync(name, "changed", cancellationToken).ConfigureAwait(false) ?? throw Unknown(name);
    }

    private async Task<LibraryCharacter> ChangeAsync(
        string name, string username, Func<LibraryCharacter, LibraryCharacter> change, CancellationToken cancellationToken) =>
        await UpsertAsync(username, current => current is null ? null : change(current), cancellationToken).ConfigureAwait(false)
            ?? throw Unknown(name); // removed since it was found

    private Task<LibraryCharacter?> UpsertAsync(
        string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken) =>
        CallStoreAsync(token => _store.UpsertAsync(username, change, token), "changed", cancellationToken);

    private static Sora2ValidationException Unknown(string name) => new(
        $"The library has no character with the username or alias \"{name}\". Add it with AddAsync.");

    /// <summary>Refuses an alias that another character has, so that every store gives the same reason.</summary>
    /// <remarks>The store refuses an alias that another process sets at the same time.</remarks>
    private async Task ThrowIfInUseAsync(string? alias, string username, CancellationToken cancellationToken)
    {
        if (alias is not null
            && await FindAsync(alias, "changed", cancellationToken).ConfigureAwait(false) is { } owner
            && owner.Username != username)
        {
            throw CharacterList.AliasInUse(alias, owner);
        }
    }

    /// <summary>Returns an alias as it is stored.</summary>
    /// <exception cref="Sora2ValidationException">It is not valid.</exception>
    private static string ValidAlias(string alias)
    {
        var name = alias.Trim();
        if (!name.Any(IsVisible)
            || MentionText.MayMention(name)
            || name.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
        {
            throw new Sora2ValidationException(
                $"\"{alias}\" is not a valid alias. Use at least one visible character, no @ and no line break, for example 阳光小猫.");
        }

        return name;

        static bool IsVisible(char letter) => !char.IsWhiteSpace(letter)
            && char.GetUnicodeCategory(letter)
                is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);
    }

    /// <summary>Calls the store; what an application's own store throws is reported as an error that cost nothing.</summary>
    private static async Task<T> CallStoreAsync<T>(
        Func<CancellationToken, Task<T>> call, string verb, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (Sora2Exception { MayHaveBeenCharged: false } or OperationCanceledException)
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var original = e as StorageException;
            throw new StorageException($"The character library could not be {verb}: {e.Message}", e)
            {
                MayHaveBeenCharged = false,
                IsTransient = original is { IsTransient: true },
                Path = original?.Path,
                SetAsidePath = original?.SetAsidePath,
            };
        }
    }
}
