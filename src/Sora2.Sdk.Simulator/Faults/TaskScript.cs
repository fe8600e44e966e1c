namespace Sora2.Sdk.Simulator.Faults;

/// <summary>What a fault does to a task.</summary>
/// <param name="Statuses">The statuses of the next queries, one for each query.</param>
/// <param name="FailureReason">The reason for which the task fails in the end; null leaves its outcome as it is.</param>
internal sealed record TaskScript(IReadOnlyList<ScriptedStatus> Statuses, string? FailureReason);
