using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What is remembered of a task that was submitted: enough to take it up again, never a key, a link or an image.</summary>
public sealed record TaskRecord
{
    /// <summary>This record's own name, made before the request was sent: sorts by time, safe as a file name.</summary>
    public required string Key { get; init; }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public required string Platform { get; init; }

    /// <summary>
    /// The <see cref="ISora2Client.Name"/> of the client that sent it; empty for the default one. A client takes up its own records only:
    /// after a renaming, save them under the new name.
    /// </summary>
    public string Client { get; init => field = value ?? ""; } = "";

    /// <summary>What was asked for.</summary>
    public TaskRecordKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public required TaskRecordState State { get; init; }

    /// <summary>The platform's id, once it was accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>The prompt as it was written, before names of characters were looked up.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model that was asked for.</summary>
    public string? Model { get; init; }

    /// <summary>The length that was asked for.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>When it was about to be sent.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the record last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The full path of the video, once it was downloaded to a file.</summary>
    public string? Path { get; init; }

    /// <summary>The video's size in bytes, once it was downloaded.</summary>
    public long? Bytes { get; init; }

    /// <summary>What went wrong, for a person to read.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// One readable line: what it is, on which platform, its state, when, the prompt, cut where it is long, and what went wrong.
    /// </summary>
    public override string ToString() => DisplayFormat.Join(
        $"{Kind} {LogSanitizer.SingleLine(TaskId ?? Key)} on {LogSanitizer.SingleLine(Platform)}: {State}",
        FormattableString.Invariant($"{CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"),
        Prompt is null ? null : LogSanitizer.Quoted(Prompt),
        LogSanitizer.Path(Path),
        LogSanitizer.Reason(Error));
}
