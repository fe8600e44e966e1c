namespace Sora2.Sdk.Errors;

/// <summary>The outcome of a create that became known after its caller had canceled.</summary>
/// <param name="TaskId">The task id in the response, or null.</param>
/// <param name="Task">The task, if it was accepted.</param>
/// <param name="Character">The character, if it was created.</param>
/// <param name="Refusal">The error, if the response proves that the create was not accepted.</param>
internal sealed record LateOutcome(string? TaskId, VideoTask? Task = null, Character? Character = null, Sora2Exception? Refusal = null);
