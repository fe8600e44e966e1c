namespace Sora2.Sdk;

/// <summary>
/// Waiting ran out of patience. The task is not lost and has not failed: it goes on at the platform, and <see cref="IVideoClient.WaitAsync"/> takes it up
/// again by <see cref="Sora2Exception.TaskId"/>, in this or another process.
/// </summary>
public sealed class WaitTimeoutException : Sora2Exception
{
    /// <summary>A wait that ran out.</summary>
    /// <param name="message">Which task, how long, how far it was.</param>
    /// <param name="platform">The platform's name.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="elapsed">How long the wait lasted.</param>
    /// <param name="task">The task as it was last seen; null if it never was.</param>
    /// <param name="innerException">The last failure to ask for it, if the last question failed.</param>
    public WaitTimeoutException(string message, string platform, string taskId, TimeSpan elapsed, VideoTask? task, Exception? innerException = null)
        : base(Sora2ErrorKind.WaitTimeout, message, innerException)
    {
        Platform = platform;
        TaskId = taskId;
        Elapsed = elapsed;
        Task = task;
        MayHaveBeenCharged = true;
    }

    /// <summary>How long the wait lasted.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The task as it was last seen; null if no question about it was answered.</summary>
    public VideoTask? Task { get; }
}
