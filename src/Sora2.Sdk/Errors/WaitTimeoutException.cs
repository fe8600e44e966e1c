namespace Sora2.Sdk;

/// <summary>A wait that exceeded its timeout. The task has not failed: it continues at the platform.</summary>
/// <remarks>
/// <see cref="IVideoClient.WaitAsync"/> resumes the wait by <see cref="Sora2Exception.TaskId"/>, in this or another process.
/// </remarks>
public sealed class WaitTimeoutException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which task, how long the wait was, and the task's progress.</param>
    /// <param name="platform">The platform's name.</param>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="elapsed">How long the wait lasted.</param>
    /// <param name="task">The task as last read; null if it never was.</param>
    /// <param name="innerException">The error of the last poll, if it failed.</param>
    public WaitTimeoutException(
        string message,
        string platform,
        string taskId,
        TimeSpan elapsed,
        VideoTask? task,
        Exception? innerException = null)
        : base(Sora2ErrorKind.WaitTimeout, message, innerException)
    {
        PlatformName = platform;
        TaskId = taskId;
        Elapsed = elapsed;
        VideoTask = task;
        MayHaveBeenCharged = true;
    }

    /// <summary>How long the wait lasted.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The task as last read; null if no poll succeeded.</summary>
    public VideoTask? VideoTask { get; }
}
