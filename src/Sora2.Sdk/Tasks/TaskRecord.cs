using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What is stored about a submitted task: enough to resume it, and never an API key, a link or an image.</summary>
public sealed record TaskRecord
{
    /// <summary>The key of the record, made before the request was sent; sorts by time and is a valid file name.</summary>
    public required string Key { get; init; }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public required string Platform { get; init; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that sent the request; empty for the default client.</summary>
    /// <remarks>A client resumes its own records only. After renaming a client, save its records under the new name.</remarks>
    public string Client { get; init => field = value ?? ""; } = "";

    /// <summary>The kind of request.</summary>
    public TaskRecordKind Kind { get; init; }

    /// <summary>The state of the task, as far as this side knows it.</summary>
    public required TaskRecordState State { get; init; }

    /// <summary>The task's id at the platform, once it was accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>The prompt as the caller wrote it, before names of characters were resolved.</summary>
    public string? Prompt { get; init; }

    /// <summary>The requested model.</summary>
    public string? Model { get; init; }

    /// <summary>The requested length of the video.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>When the record was created, before the request was sent.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the record last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The full path of the video file, once it was downloaded.</summary>
    public string? Path { get; init; }

    /// <summary>The size of the video in bytes, once it was downloaded.</summary>
    public long? Bytes { get; init; }

    /// <summary>The error message, if something went wrong.</summary>
    public string? Error { get; init; }

    /// <summary>Returns one readable line: kind, id, platform, state, time, prompt (shortened if long), path and error.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{Kind} {LogSanitizer.SingleLine(TaskId ?? Key)} on {LogSanitizer.SingleLine(Platform)}: {State}",
        FormattableString.Invariant($"{CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"),
        Prompt is null ? null : LogSanitizer.Quoted(Prompt),
        LogSanitizer.Path(Path),
        LogSanitizer.Reason(Error));
}
