namespace Sora2.Sdk.Characters;

/// <summary>A mention that the library does not have.</summary>
/// <param name="Text">The sign and the word, as in the prompt.</param>
/// <param name="Nearest">The similar name in the library, without a sign; null if there is none.</param>
/// <param name="IsUsername">Whether it has the form of a username, and so may be a character that is not in this library.</param>
internal sealed record UnknownMention(string Text, string? Nearest, bool IsUsername);
