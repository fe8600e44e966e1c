namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>The state of a task at one time. A time that has not come yet is null.</summary>
internal sealed record TaskSnapshot(
    TaskStage Stage,
    double Fraction,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? FailureReason)
{
    private const double SubmittedFrom = 0.02;
    private const double QueuedFrom = 0.05;
    private const double RunningFrom = 0.10;
    private const double FailsAt = 0.40;

    public static TaskSnapshot Create(SimulatedTask task, TimeSpan duration, DateTimeOffset now)
    {
        var fraction = duration > TimeSpan.Zero ? Math.Clamp((now - task.CreatedAt) / duration, 0, 1) : 1;
        DateTimeOffset? startedAt = fraction >= RunningFrom ? task.CreatedAt + duration * RunningFrom : null;
        if (task.FailureReason is { } reason && fraction >= FailsAt)
        {
            return new TaskSnapshot(TaskStage.Failed, fraction, startedAt, task.CreatedAt + duration * FailsAt, reason);
        }

        return fraction >= 1
            ? new TaskSnapshot(TaskStage.Succeeded, 1, startedAt, task.CreatedAt + duration, FailureReason: null)
            : new TaskSnapshot(StageAt(fraction), fraction, startedAt, FinishedAt: null, FailureReason: null);
    }

    /// <summary>Returns the same snapshot, changed by a scripted status.</summary>
    public TaskSnapshot WithScript(ScriptedStatus scripted, DateTimeOffset now)
    {
        if (scripted.FailureReason is { } reason)
        {
            return this with { Stage = TaskStage.Failed, FinishedAt = now, FailureReason = reason };
        }

        if (scripted.WithVideo)
        {
            return this with { Stage = TaskStage.Succeeded, Fraction = 1, FinishedAt = now, FailureReason = null };
        }

        return Stage is TaskStage.Succeeded or TaskStage.Failed
            ? this with { Stage = TaskStage.Running, Fraction = 0.99, FinishedAt = null, FailureReason = null }
            : this;
    }

    private static TaskStage StageAt(double fraction) => fraction switch
    {
        < SubmittedFrom => TaskStage.NotStarted,
        < QueuedFrom => TaskStage.Submitted,
        < RunningFrom => TaskStage.Queued,
        _ => TaskStage.Running,
    };
}
