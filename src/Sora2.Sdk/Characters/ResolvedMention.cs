using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One mention of a character that the library knows.</summary>
public sealed record ResolvedMention
{
    /// <summary>The mention as it was written, such as <c>@阳光小猫</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The character's username; <c>@</c> and this stand in the prompt now.</summary>
    public required string Username { get; init; }

    /// <summary>What was written and what stands there now.</summary>
    public override string ToString() => $"{LogSanitizer.SingleLine(Text)} → @{LogSanitizer.SingleLine(Username)}";
}
