namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>The stage of a task. Each platform uses its own words for it.</summary>
internal enum TaskStage
{
    NotStarted,
    Submitted,
    Queued,
    Running,
    Succeeded,
    Failed,
}
