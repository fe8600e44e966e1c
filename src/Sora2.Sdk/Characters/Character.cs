using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk;

/// <summary>A character that a platform created from a video, for use in prompts on every platform.</summary>
public sealed partial record Character
{
    /// <summary>The platform's id for the character.</summary>
    /// <value>Empty if the platform gave none.</value>
    public required string Id { get; init; }

    /// <summary>The name that prompts use, such as <c>ebfb9a758.sunnykitte</c>. Letter case matters.</summary>
    public required string Username { get; init; }

    /// <summary>A name for people.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    public string? DisplayName { get; init; }

    /// <summary>The character's public page.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    public Uri? Permalink { get; init; }

    /// <summary>A picture of the character. Such links expire.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    [JsonIgnore]
    public Uri? ProfilePictureUrl { get; init; }

    /// <summary>
    /// The text for a prompt: <c>@</c> and the username. It needs a space before it, except at the beginning of the prompt, and after it.
    /// </summary>
    public string Mention => "@" + Username;

    /// <summary>The platform's response with every field, parsed on first use.</summary>
    [JsonIgnore]
    public JsonElement Raw
    {
        get => RawResponse.Element;
        init => RawResponse = RawResponse.From(value);
    }

    internal RawResponse RawResponse { get; init; } = RawResponse.None;

    /// <summary>Returns the mention, and the display name if there is one.</summary>
    public override string ToString() => DisplayName is null
        ? LogSanitizer.SingleLine(Mention)
        : $"{LogSanitizer.SingleLine(Mention)} ({LogSanitizer.SingleLine(DisplayName)})";
}
