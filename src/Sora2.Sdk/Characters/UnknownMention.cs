namespace Sora2.Sdk.Characters;

/// <summary>A mention that the library does not know.</summary>
/// <param name="Text">The sign and the word, as they stand in the prompt.</param>
/// <param name="Nearest">The name of the library that it is nearly, without a sign; null if there is none.</param>
/// <param name="IsUsername">Whether it has the form of a username, so that it may well be a character that is not in this library.</param>
internal sealed record UnknownMention(string Text, string? Nearest, bool IsUsername);
