namespace Sora2.Sdk;

/// <summary>
/// Where a <see cref="CharacterLibrary"/> keeps its characters: <see cref="MemoryCharacterStore"/>, <see cref="FileCharacterStore"/>, or a database of your own.
/// Safe for any number of threads.
/// </summary>
public interface ICharacterStore
{
    /// <summary>Reads the characters.</summary>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>All of them, in the order in which they were added; empty if there are none yet.</returns>
    Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the characters, changes them and keeps the outcome, so that no other change comes in between, from another process either.</summary>
    /// <param name="change">
    /// Makes the new list from the present one. Has no effects of its own: a store may call it again, when another change came first. If it throws, nothing is kept and the exception is the caller's.
    /// </param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>What was kept.</returns>
    Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken = default);
}
