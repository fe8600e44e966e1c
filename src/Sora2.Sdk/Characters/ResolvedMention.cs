using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A mention of a character that the library has.</summary>
public sealed record ResolvedMention
{
    /// <summary>The mention as written in the prompt, such as <c>@阳光小猫</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The character's username, which is sent in place of the mention after an <c>@</c>.</summary>
    public required string Username { get; init; }

    /// <summary>Returns the mention and what is sent in its place.</summary>
    public override string ToString() => $"{LogSanitizer.SingleLine(Text)} → @{LogSanitizer.SingleLine(Username)}";
}
