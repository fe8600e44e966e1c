namespace Sora2.Sdk.Errors;

/// <summary>What came of a create after its caller had left.</summary>
/// <param name="TaskId">The id that the response named, or null.</param>
/// <param name="Task">The task, if it was accepted.</param>
/// <param name="Refusal">Why it was surely not taken, if that is so.</param>
internal sealed record LateOutcome(string? TaskId, VideoTask? Task = null, Sora2Exception? Refusal = null);
