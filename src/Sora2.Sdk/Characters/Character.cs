using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk;

/// <summary>A character as the platform made it. Usable in prompts on every platform.</summary>
public sealed partial record Character
{
    /// <summary>The platform's id for it, empty if it gave none.</summary>
    public required string Id { get; init; }

    /// <summary>The name that prompts use, such as <c>ebfb9a758.sunnykitte</c>; letter case matters.</summary>
    public required string Username { get; init; }

    /// <summary>A name for people, where the platform gives one.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The character's public page.</summary>
    public Uri? Permalink { get; init; }

    /// <summary>A picture of it; such links expire.</summary>
    [JsonIgnore]
    public Uri? ProfilePictureUrl { get; init; }

    /// <summary>What goes into a prompt: <c>@</c> and the username. A space has to stand before it, unless it begins the prompt, and after it.</summary>
    public string Mention => "@" + Username;

    /// <summary>The platform's answer as it came, with every field; parsed when first asked for.</summary>
    [JsonIgnore]
    public JsonElement Raw
    {
        get => RawResponse.Element;
        init => RawResponse = RawResponse.From(value);
    }

    internal RawResponse RawResponse { get; init; } = RawResponse.None;

    /// <summary>The mention, and the display name if there is one.</summary>
    public override string ToString() => DisplayName is null ? LogSanitizer.SingleLine(Mention) : $"{LogSanitizer.SingleLine(Mention)} ({LogSanitizer.SingleLine(DisplayName)})";
}
