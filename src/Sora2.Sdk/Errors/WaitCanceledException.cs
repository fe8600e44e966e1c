using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk;

/// <summary>
/// The caller's token ended a wait. The task was accepted and goes on at the platform: <see cref="IVideoClient.WaitAsync"/> takes it up again by its id.
/// </summary>
public sealed class WaitCanceledException : OperationCanceledException
{
    private string? _client;

    /// <summary>A wait that was cancelled.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="innerException">How the cancellation showed.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public WaitCanceledException(string platform, string taskId, Exception? innerException, CancellationToken cancellationToken)
        : base($"Waiting for task {taskId} was cancelled. The task goes on; wait for it again with WaitAsync(\"{taskId}\").", innerException, cancellationToken)
    {
        Platform = platform;
        TaskId = taskId;
    }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public string Platform { get; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that a <see cref="Sora2Router"/> had chosen, where one had.</summary>
    public string? Client
    {
        get => _client;
        init => _client = value;
    }

    /// <summary>The task that goes on.</summary>
    public string TaskId { get; }

    /// <summary>Everything for a log, with the task and where it is; free of secrets.</summary>
    public override string ToString() => ExceptionFormatter.Format(this, base.ToString(), DisplayFormat.Join(
        $"platform: {LogSanitizer.SingleLine(Platform)}",
        string.IsNullOrEmpty(Client) ? null : $"client: {LogSanitizer.SingleLine(Client)}",
        $"task: {LogSanitizer.SingleLine(TaskId)}"));

    /// <summary>For the router, as with <see cref="Sora2Exception.Client"/>.</summary>
    internal void NameClient(string name) => _client = name;
}
