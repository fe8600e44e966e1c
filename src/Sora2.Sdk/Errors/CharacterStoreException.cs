namespace Sora2.Sdk;

/// <summary>
/// A character library could not be read or written. What was kept before is as it was; nothing was sent, and nothing charged. Once a create was accepted, this is never thrown for it.
/// </summary>
public sealed class CharacterStoreException : Sora2Exception
{
    /// <summary>A library that could not be read or written.</summary>
    /// <param name="message">What happened, to which file, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public CharacterStoreException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.Storage, message, innerException) => MayHaveBeenCharged = false;

    /// <summary>The library's file, where it is in one.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Where a damaged file was put, if one was. As long as it is there and no new one, the library stays closed with this exception: put a repaired one back under <see cref="Path"/>, or move this one
    /// elsewhere to begin with an empty library.
    /// </summary>
    public string? SetAsidePath { get; init; }
}
