namespace Sora2.Sdk.Simulator;

/// <summary>What one query of a scripted task answers.</summary>
/// <param name="Status">The status as raw JSON, such as <c>"\"SUCCESS\""</c>, <c>102</c> or <c>null</c>; a null reference leaves the field out.</param>
public sealed record ScriptedStatus(string? Status)
{
    private static readonly HashSet<string> SuccessWords =
        new(StringComparer.OrdinalIgnoreCase) { "completed", "complete", "success", "succeeded", "done", "103" };

    /// <summary>The value of <see cref="Progress"/> that leaves the field out.</summary>
    public const string Absent = "";

    /// <summary>The progress as raw JSON, such as <c>"\"45%\""</c> or <c>37.5</c>; null (the default) gives the task's own, <see cref="Absent"/> leaves the field out.</summary>
    public string? Progress { get; init; }

    /// <summary>Whether the answer carries the video's address. By default it does when the status is a word for success.</summary>
    public bool WithVideo { get; init; } = Status is not null && SuccessWords.Contains(Status.Trim('"'));

    /// <summary>The failure reason in the answer; null for none.</summary>
    public string? FailureReason { get; init; }

    /// <summary>One readable line: the status, and whether a video comes with it.</summary>
    public override string ToString() => $"{Status ?? "no status"}{(Progress is null ? "" : $", progress {(Progress.Length == 0 ? "left out" : Progress)}")}{(WithVideo ? ", with the video" : "")}";
}
