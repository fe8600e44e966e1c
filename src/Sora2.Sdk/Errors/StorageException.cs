namespace Sora2.Sdk;

/// <summary>Local data, a task store or the character library, that could not be read or written.</summary>
/// <remarks>
/// <see cref="Sora2Exception.MayHaveBeenCharged"/> is false if a request was not sent because of it, true if a task was accepted and only
/// its record is missing: then <see cref="Sora2Exception.TaskId"/> names the task, which continues. It is null for a store that was called
/// without a request. The character library fails before anything is sent, so there it is always false.
/// </remarks>
public sealed class StorageException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, which file or store, and the next step.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public StorageException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.Storage, message, innerException)
    {
    }

    /// <summary>The library's file or the task store's directory, if it is stored in one.</summary>
    public string? Path { get; init; }

    /// <summary>The path to which a damaged file of characters was moved, if one was.</summary>
    /// <remarks>
    /// While that file exists and no new one does, every use of the library throws this exception: restore a repaired file at
    /// <see cref="Path"/>, or move the damaged one elsewhere to start with an empty library.
    /// </remarks>
    public string? SetAsidePath { get; init; }
}
