namespace Sora2.Sdk;

/// <summary>Stores the characters of a <see cref="CharacterLibrary"/>, one by one. Implementations are thread-safe.</summary>
/// <remarks>
/// <para>Use <see cref="MemoryCharacterStore"/>, <see cref="FileCharacterStore"/>, or implement this over a database.</para>
/// <para>
/// A username is the key of a character, and letter case matters in it. Aliases, and names that are searched, are compared in the form of
/// <see cref="CharacterLibrary.NormalizeName"/>; a database keeps it in columns of its own, that of the alias with a unique index.
/// </para>
/// </remarks>
public interface ICharacterStore
{
    /// <summary>Finds a character by its username or alias.</summary>
    /// <param name="name">
    /// The name, without an <c>@</c>. A username in its exact spelling comes first, then an alias, then a username in another spelling, the
    /// latter two compared in the form of <see cref="CharacterLibrary.NormalizeName"/>.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character; <see langword="null"/> if there is none.</returns>
    Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Finds characters.</summary>
    /// <param name="query">The text, the filter, which also sets the order, and the limit.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The characters found; empty if there are none.</returns>
    IAsyncEnumerable<LibraryCharacter> SearchAsync(CharacterQuery query, CancellationToken cancellationToken = default);

    /// <summary>Adds or changes one character as one step: no other change of it comes between, not from another process either.</summary>
    /// <param name="username">The character's username, in its exact spelling.</param>
    /// <param name="change">
    /// Returns the character to store for the current one, which is <see langword="null"/> if there is none, with the same username; or
    /// <see langword="null"/> to store nothing. Has no side effects: a store may call it again when another change came first.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The character as it is stored; <see langword="null"/> if <paramref name="change"/> returned that.</returns>
    /// <exception cref="Sora2ValidationException">The character gets an alias that another one has; nothing is stored.</exception>
    Task<LibraryCharacter?> UpsertAsync(
        string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default);

    /// <summary>Removes a character.</summary>
    /// <param name="username">The character's username, in its exact spelling.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default);
}
