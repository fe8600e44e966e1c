using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk;

/// <summary>A wait that the caller's token canceled. The task was accepted and continues at the platform.</summary>
/// <remarks><see cref="IVideoClient.WaitAsync"/> resumes the wait by the task's id.</remarks>
public sealed class WaitCanceledException : OperationCanceledException
{
    private string? _client;

    /// <summary>Creates the exception.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="innerException">The exception of the cancellation.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public WaitCanceledException(string platform, string taskId, Exception? innerException, CancellationToken cancellationToken)
        : base(
            $"Waiting for task {taskId} was canceled. The task continues; resume the wait with WaitAsync(\"{taskId}\").",
            innerException,
            cancellationToken)
    {
        PlatformName = platform;
        TaskId = taskId;
    }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public string PlatformName { get; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that a <see cref="Sora2Router"/> had chosen, or null.</summary>
    public string? ClientName
    {
        get => _client;
        init => _client = value;
    }

    /// <summary>The id of the task, which continues.</summary>
    public string TaskId { get; }

    /// <summary>Returns a text for logs with the task and its platform that contains no secrets.</summary>
    public override string ToString() => ExceptionFormatter.Format(this, base.ToString(), DisplayFormat.Join(
        $"platform: {LogSanitizer.SingleLine(PlatformName)}",
        string.IsNullOrEmpty(ClientName) ? null : $"client: {LogSanitizer.SingleLine(ClientName)}",
        $"task: {LogSanitizer.SingleLine(TaskId)}"));

    /// <inheritdoc cref="Sora2Exception.NameClient"/>
    internal void NameClient(string name) => _client = name;
}
