namespace Sora2.Sdk;

/// <summary>A task that the platform reports as failed.</summary>
/// <remarks>The kind separates moderation of the input, moderation of the output and other failures.</remarks>
public sealed class VideoTaskFailedException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">The platform's reason.</param>
    /// <param name="task">The task as last read.</param>
    public VideoTaskFailedException(Sora2ErrorKind kind, string message, VideoTask task)
        : base(kind, message)
    {
        ArgumentNullException.ThrowIfNull(task);
        VideoTask = task;
        TaskId = task.Id;
        PlatformName = task.PlatformName;
        IsTransient = false; // for every kind: the same call would create another task
        MayHaveBeenCharged = null;
    }

    /// <summary>The task as last read, with the platform's complete response.</summary>
    public VideoTask VideoTask { get; }
}
