namespace Sora2.Sdk.Characters;

/// <summary>The contents of a <see cref="FileCharacterStore"/>'s file.</summary>
/// <param name="Version">
/// The version of the format. A new field needs a new version: an older program that writes the file would lose it.
/// </param>
/// <param name="Characters">The characters, in the order in which they were added.</param>
internal sealed record CharacterFile(int Version, IReadOnlyList<LibraryCharacter> Characters)
{
    public const int CurrentVersion = 1;
}
