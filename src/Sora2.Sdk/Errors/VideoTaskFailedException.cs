namespace Sora2.Sdk;

/// <summary>The platform gave a task up. The kind tells moderation of the input, moderation of the output and other failures apart.</summary>
public sealed class VideoTaskFailedException : Sora2Exception
{
    /// <summary>A failed task.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">The platform's reason.</param>
    /// <param name="task">The task as it was last seen.</param>
    public VideoTaskFailedException(Sora2ErrorKind kind, string message, VideoTask task)
        : base(kind, message)
    {
        ArgumentNullException.ThrowIfNull(task);
        Task = task;
        TaskId = task.Id;
        Platform = task.Platform;
        IsTransient = false; // whatever the kind: the same call would make another task
        MayHaveBeenCharged = null;
    }

    /// <summary>The task as it was last seen, with the platform's whole answer.</summary>
    public VideoTask Task { get; }
}
