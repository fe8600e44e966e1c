namespace Sora2.Sdk;

/// <summary>A video that could not be downloaded completely. The task and its video are unaffected; never create it again.</summary>
/// <remarks>If <see cref="Sora2Exception.IsTransient"/> is true, download again: a download to a file continues where it stopped.</remarks>
public sealed class DownloadException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and the next step.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public DownloadException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.Download, message, innerException) => MayHaveBeenCharged = true;

    /// <summary>Whether <see cref="Sora2ClientOptions.DownloadRetries"/> allows another attempt.</summary>
    internal bool HasRetriesLeft { get; init; }
}
