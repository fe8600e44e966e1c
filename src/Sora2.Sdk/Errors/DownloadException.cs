namespace Sora2.Sdk;

/// <summary>A video could not be downloaded whole. The task and its video are untouched, and creating again is never needed. If <see cref="Sora2Exception.IsTransient"/>, download again: a file goes on where it stopped.</summary>
public sealed class DownloadException : Sora2Exception
{
    /// <summary>A failed download.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public DownloadException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.Download, message, innerException) => MayHaveBeenCharged = true;

    /// <summary>Whether <see cref="Sora2ClientOptions.DownloadRetries"/> allows another attempt.</summary>
    internal bool HasRetriesLeft { get; init; }
}
