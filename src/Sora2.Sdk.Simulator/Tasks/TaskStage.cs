namespace Sora2.Sdk.Simulator;

/// <summary>Where a task stands. Each platform has its own words for it.</summary>
internal enum TaskStage
{
    NotStarted,
    Submitted,
    Queued,
    Running,
    Succeeded,
    Failed,
}
