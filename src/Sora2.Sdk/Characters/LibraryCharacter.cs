using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A character in a <see cref="CharacterLibrary"/>: what prompts need of it, the caller's own name for it, and when it was used. Holds no key.</summary>
public sealed partial record LibraryCharacter
{
    /// <summary>The name that the platforms know, such as <c>ebfb9a758.sunnykitte</c>; letter case matters. One of each in a library.</summary>
    public required string Username { get; init; }

    /// <summary>The caller's own name for it, such as <c>阳光小猫</c>, which prompts use as <c>@阳光小猫</c>; null if it has none.</summary>
    public string? Alias { get; init; }

    /// <summary>The platform's id for it; empty if it gave none.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>A name for people, where the platform gave one.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The character's public page.</summary>
    public Uri? Permalink { get; init; }

    /// <summary>A picture of it, as the platform gave it when the character was added; such links expire.</summary>
    [JsonIgnore]
    public Uri? ProfilePictureUrl { get; init; }

    /// <summary>Whether it is one of the caller's favourites.</summary>
    public bool IsFavorite { get; init; }

    /// <summary>When it was put into the library.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>When a create that mentions it was last accepted; null if it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>What goes into a prompt: <c>@</c> and the username. A space has to stand before it, unless it begins the prompt, and after it.</summary>
    [JsonIgnore]
    public string Mention => "@" + Username;

    /// <summary>The mention, and the alias if there is one.</summary>
    public override string ToString() => Alias is null ? LogSanitizer.SingleLine(Mention) : $"{LogSanitizer.SingleLine(Mention)} ({LogSanitizer.SingleLine(Alias)})";
}
