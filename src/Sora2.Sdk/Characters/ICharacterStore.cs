namespace Sora2.Sdk;

/// <summary>Stores the characters of a <see cref="CharacterLibrary"/>. Implementations are thread-safe.</summary>
/// <remarks>Use <see cref="MemoryCharacterStore"/>, <see cref="FileCharacterStore"/>, or implement this over a database.</remarks>
public interface ICharacterStore
{
    /// <summary>Reads the characters.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>All characters, in the order in which they were added; empty if there are none.</returns>
    Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads, changes and stores the characters as one step: no other change comes between, not from another process either.
    /// </summary>
    /// <param name="change">
    /// Returns the new list for the current one. Has no side effects: a store may call it again when another change came first. If it
    /// throws, nothing is stored and the exception reaches the caller.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The characters as they were stored.</returns>
    Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(
        Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change,
        CancellationToken cancellationToken = default);
}
