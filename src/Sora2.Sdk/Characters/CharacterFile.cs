namespace Sora2.Sdk.Characters;

/// <summary>What stands in a library's file.</summary>
/// <param name="Version">Of the format. One more field is one more version: an older program that wrote the file would lose it.</param>
/// <param name="Characters">In the order in which they were added.</param>
internal sealed record CharacterFile(int Version, IReadOnlyList<LibraryCharacter> Characters)
{
    public const int CurrentVersion = 1;
}
