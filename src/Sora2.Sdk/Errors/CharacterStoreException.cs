namespace Sora2.Sdk;

/// <summary>A character library that could not be read or written.</summary>
/// <remarks>
/// The stored characters are unchanged; nothing was sent and nothing charged. Never thrown for a create that the platform has accepted.
/// </remarks>
public sealed class CharacterStoreException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, which file, and the next step.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public CharacterStoreException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.Storage, message, innerException) => MayHaveBeenCharged = false;

    /// <summary>The library's file, if it is stored in one.</summary>
    public string? Path { get; init; }

    /// <summary>The path to which a damaged file was moved, if one was.</summary>
    /// <remarks>
    /// While that file exists and no new one does, every use of the library throws this exception: restore a repaired file at
    /// <see cref="Path"/>, or move the damaged one elsewhere to start with an empty library.
    /// </remarks>
    public string? SetAsidePath { get; init; }
}
