using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A character in a <see cref="CharacterLibrary"/>, with the application's own name for it. Contains no key.</summary>
public sealed partial record LibraryCharacter
{
    /// <summary>The name on the platforms, such as <c>ebfb9a758.sunnykitte</c>, unique in a library. Letter case matters.</summary>
    public required string Username { get; init; }

    /// <summary>The application's own name, such as <c>阳光小猫</c>, which prompts use as <c>@阳光小猫</c>.</summary>
    /// <value><see langword="null"/> if it has none.</value>
    public string? Alias { get; init; }

    /// <summary>The platform's id for the character.</summary>
    /// <value>Empty if the platform gave none.</value>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>A name for people.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    public string? DisplayName { get; init; }

    /// <summary>The character's public page.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    public Uri? Permalink { get; init; }

    /// <summary>A picture of the character, as of when it was added. Such links expire.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    [JsonIgnore]
    public Uri? ProfilePictureUrl { get; init; }

    /// <summary>Whether it is a favourite.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsFavorite { get; init; }

    /// <summary>When it was added to the library.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>When a create that mentions it was last accepted.</summary>
    /// <value><see langword="null"/> if none was.</value>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <inheritdoc cref="Character.Mention"/>
    [JsonIgnore]
    public string Mention => "@" + Username;

    /// <summary>Returns the mention, and the alias if there is one.</summary>
    public override string ToString() => Alias is null
        ? LogSanitizer.SingleLine(Mention)
        : $"{LogSanitizer.SingleLine(Mention)} ({LogSanitizer.SingleLine(Alias)})";
}
