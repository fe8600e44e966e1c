namespace Sora2.Sdk;

/// <summary>A video could not be downloaded whole. The task and its video are untouched: download again, or ask for the task again if the link has expired.</summary>
public sealed class DownloadException : Sora2Exception
{
    /// <summary>A failed download.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public DownloadException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.Download, message, innerException) => MayHaveBeenCharged = true;
}
