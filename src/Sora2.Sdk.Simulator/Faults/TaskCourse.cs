namespace Sora2.Sdk.Simulator;

/// <summary>What a fault does to a task: answers to give first, and whether it fails in the end.</summary>
internal sealed record TaskCourse(IReadOnlyList<ScriptedStatus> Script, string? FailureReason);
