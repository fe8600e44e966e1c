namespace Sora2.Sdk.Simulator;

/// <summary>The response to one query of a scripted task.</summary>
/// <param name="Status">
/// The status as raw JSON, such as <c>"\"SUCCESS\""</c>, <c>102</c> or <c>null</c>; a null reference omits the field.
/// </param>
public sealed record ScriptedStatus(string? Status)
{
    private static readonly HashSet<string> SuccessWords =
        new(StringComparer.OrdinalIgnoreCase) { "completed", "complete", "success", "succeeded", "done", "103" };

    /// <summary>The value of <see cref="Progress"/> that omits the field.</summary>
    public const string Absent = "";

    /// <summary>The progress as raw JSON, such as <c>"\"45%\""</c> or <c>37.5</c>.</summary>
    /// <value>Default: null, which sends the task's own progress. <see cref="Absent"/> omits the field.</value>
    public string? Progress { get; init; }

    /// <summary>Whether the response contains the video's address.</summary>
    /// <value>Default: true when the status is a word for success.</value>
    public bool WithVideo { get; init; } = Status is not null && SuccessWords.Contains(Status.Trim('"'));

    /// <summary>The failure reason in the response; null for none.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Returns one readable line: the status, the progress, and whether the response contains a video.</summary>
    public override string ToString()
    {
        var progress = Progress is null ? "" : $", progress {(Progress.Length == 0 ? "left out" : Progress)}";
        return $"{Status ?? "no status"}{progress}{(WithVideo ? ", with the video" : "")}";
    }
}
