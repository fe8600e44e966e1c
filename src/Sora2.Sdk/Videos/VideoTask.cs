using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk;

/// <summary>What the platform said about a task at one moment. Immutable: ask again for a newer one.</summary>
public sealed partial record VideoTask
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform the task is on.</summary>
    public required string Platform { get; init; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that made the task or asked for it; empty for one without a name. With <see cref="Platform"/> it tells accounts apart.</summary>
    public string Client { get; init => field = value ?? ""; } = "";

    /// <summary>The id that the create call answered. Opaque; may hold a colon, so do not use it raw in a path or a file name.</summary>
    public required string Id { get; init; }

    /// <summary>How far the task is.</summary>
    public required VideoTaskStatus Status { get; init; }

    /// <summary>The platform's own status word or number, verbatim; null if it gave none.</summary>
    public string? RawStatus { get; init; }

    /// <summary>
    /// True when nothing more will happen: the task failed, or it succeeded and there is a link. A success without a link is not final yet.
    /// </summary>
    public bool IsCompleted => Status == VideoTaskStatus.Failed || (Status == VideoTaskStatus.Succeeded && VideoUrl is not null);

    /// <summary>Progress in percent, 0 to 100; null if the platform gave none.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? Progress { get; init; }

    /// <summary>Where the video is. Such links expire, some after hours: download early.</summary>
    [JsonIgnore]
    public Uri? VideoUrl { get; init; }

    /// <summary>Where a preview image is, on platforms that make one.</summary>
    [JsonIgnore]
    public Uri? ThumbnailUrl { get; init; }

    /// <summary>Where the video's last frame is, as an image to go on from, on platforms that keep one.</summary>
    [JsonIgnore]
    public Uri? LastFrameUrl { get; init; }

    /// <summary>Why the task failed, in the platform's innermost words and language; null unless it failed.</summary>
    public string? FailureReason { get; init; }

    /// <summary>The model the platform says it used.</summary>
    public string? Model { get; init; }

    /// <summary>When the task was accepted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the platform began to make it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the task came to its end.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>
    /// What became of the mentions in the prompt, on tasks from the call that created them; null where the client has no <see cref="Sora2ClientOptions.CharacterLibrary"/> or the prompt no <c>@</c>, and
    /// on tasks asked for by their id.
    /// </summary>
    public MentionResolution? Mentions { get; init; }

    /// <summary>The platform's answer as it came, with every field; parsed when first asked for.</summary>
    [JsonIgnore]
    public JsonElement Raw
    {
        get => RawResponse.Element;
        init => RawResponse = RawResponse.From(value);
    }

    internal RawResponse RawResponse { get; init; } = RawResponse.None;

    /// <summary>
    /// The one record format for both platforms that front ends of the relays already read:
    /// <c>{"task_id","platform":"openai","action":"sora-video","status":"NOT_START|IN_PROGRESS|SUCCESS|FAILURE","fail_reason","submit_time","start_time","finish_time","progress":"50%","data":{"output":url} or null}</c>,
    /// times in Unix seconds or null; <c>platform</c> is that constant whichever relay it was, a task without a start has the time of its submission there, and an unknown status is
    /// <c>IN_PROGRESS</c>. Source: the two-platform practices document of 2025-12-28.
    /// </summary>
    /// <returns>A new object that the caller may change.</returns>
    public JsonObject ToUnifiedJson() => new()
    {
        ["task_id"] = Id,
        ["platform"] = "openai",
        ["action"] = "sora-video",
        ["status"] = Status switch
        {
            VideoTaskStatus.NotStarted => "NOT_START",
            VideoTaskStatus.Succeeded when IsCompleted => "SUCCESS",
            VideoTaskStatus.Failed => "FAILURE",
            _ => "IN_PROGRESS",
        },
        ["fail_reason"] = FailureReason ?? "",
        ["submit_time"] = CreatedAt?.ToUnixTimeSeconds(),
        ["start_time"] = (StartedAt ?? CreatedAt)?.ToUnixTimeSeconds(),
        ["finish_time"] = CompletedAt?.ToUnixTimeSeconds(),
        // Rounded down: a bar that shows 100 % before the end is a lie.
        ["progress"] = FormattableString.Invariant($"{Math.Floor(Progress ?? 0):0}%"),
        ["data"] = VideoUrl is null ? null : new JsonObject { ["output"] = VideoUrl.OriginalString },
    };

    /// <summary>One readable line: id, platform, status, progress and the reason of a failure; no links.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{LogSanitizer.SingleLine(Id)} on {LogSanitizer.SingleLine(Platform)}: {Status}{(RawStatus is null ? "" : $" ({LogSanitizer.SingleLine(RawStatus, 40)})")}",
        Progress is { } percent ? FormattableString.Invariant($"{percent:0.#}%") : null,
        LogSanitizer.Reason(FailureReason));
}
