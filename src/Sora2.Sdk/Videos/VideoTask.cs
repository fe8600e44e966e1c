using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk;

/// <summary>The state of a video task as the platform reported it at one time.</summary>
/// <remarks>
/// Immutable: get the current state with <see cref="IVideoClient.GetAsync"/>, or wait for the video with
/// <see cref="IVideoClient.WaitAsync"/>.
/// </remarks>
public sealed partial record VideoTask
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform that has the task.</summary>
    public required string PlatformName { get; init; }

    /// <summary>
    /// The <see cref="ISora2Client.Name"/> of the client that created or polled the task; with <see cref="PlatformName"/>, it names
    /// the account.
    /// </summary>
    /// <value>Empty for a client without a name.</value>
    public string ClientName { get; init => field = value ?? ""; } = "";

    /// <summary>The task's id on the platform.</summary>
    /// <remarks>An opaque string that may contain a colon, so do not use it in a path or file name without escaping it.</remarks>
    public required string Id { get; init; }

    /// <summary>What names the task: account and id.</summary>
    [JsonIgnore]
    public TaskHandle Handle => new(Id) { PlatformName = PlatformName, ClientName = ClientName };

    /// <summary>The prompt as the caller wrote it, on a task from the call that created it or from a task store.</summary>
    /// <value><see langword="null"/> if it is not known.</value>
    public string? Prompt { get; init; }

    /// <inheritdoc cref="GenerationRequest.Key"/>
    public string? Key { get; init; }

    /// <inheritdoc cref="GenerationRequest.Metadata"/>
    public IReadOnlyDictionary<string, string> Metadata { get; init => field = MetadataDictionary.From(value); } =
        MetadataDictionary.None;

    /// <summary>The status of the task.</summary>
    public required VideoTaskStatus Status { get; init; }

    /// <summary>The platform's own status word or number, verbatim.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    public string? RawStatus { get; init; }

    /// <summary>Whether the task succeeded or failed.</summary>
    /// <remarks>The link of a success may follow seconds later; <see cref="IVideoClient.WaitAsync"/> waits for it.</remarks>
    public bool IsCompleted => Status is VideoTaskStatus.Failed or VideoTaskStatus.Succeeded;

    /// <summary>Whether nothing more follows: the task failed, or it succeeded and has a link.</summary>
    internal bool IsFinal => Status == VideoTaskStatus.Failed || (Status == VideoTaskStatus.Succeeded && VideoUrl is not null);

    /// <summary>The progress in percent, 0 to 100.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? Progress { get; init; }

    /// <summary>The link to the video. Such links expire, some after hours: download early.</summary>
    /// <value><see langword="null"/> until the video is available.</value>
    [JsonIgnore]
    public Uri? VideoUrl { get; init; }

    /// <summary>The link to a preview image. Such links expire.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    [JsonIgnore]
    public Uri? ThumbnailUrl { get; init; }

    /// <summary>The link to an image of the last frame, to start the next video from. Such links expire.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    [JsonIgnore]
    public Uri? LastFrameUrl { get; init; }

    /// <summary>Why the task failed, in the platform's words and language.</summary>
    /// <value><see langword="null"/> unless the task failed.</value>
    public string? FailureReason { get; init; }

    /// <summary>The model that makes the video, as the platform reports it.</summary>
    /// <value>The requested model where a create's response has none; otherwise <see langword="null"/> if the platform gave none.</value>
    public string? Model { get; init; }

    /// <summary>When the task was accepted.</summary>
    /// <value><see langword="null"/> if the platform gave none.</value>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the platform started to make the video.</summary>
    /// <value><see langword="null"/> if it has not, or gave none.</value>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the task finished.</summary>
    /// <value><see langword="null"/> if it has not, or the platform gave none.</value>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The mentions of characters in the prompt, on a task from the call that created it.</summary>
    /// <value>
    /// <see langword="null"/> if the client has no <see cref="Sora2ClientOptions.CharacterLibrary"/>, if the prompt contains no <c>@</c>,
    /// and on a task that was polled by its id.
    /// </value>
    public MentionResolution? Mentions { get; init; }

    /// <summary>The platform's response with every field, parsed on first use.</summary>
    [JsonIgnore]
    public JsonElement Raw
    {
        get => RawResponse.Element;
        init => RawResponse = RawResponse.From(value);
    }

    internal RawResponse RawResponse { get; init; } = RawResponse.None;

    /// <summary>The record that the task was made of; null for one that was just created, or read from the platform.</summary>
    internal TaskRecord? Record { get; init; }

    /// <summary>Returns the task with what only its request, and not the platform, says.</summary>
    internal VideoTask WithRequestOf(VideoTask known) => this with
    {
        Prompt = known.Prompt,
        Key = known.Key,
        Metadata = known.Metadata,
        Mentions = known.Mentions,
        Record = known.Record,
    };

    /// <summary>Returns what progress shows before there is a task, while a create waits for a slot: no id yet, and not started.</summary>
    internal static VideoTask WaitingForASlot(string platformName) =>
        new() { PlatformName = platformName, Id = "", Status = VideoTaskStatus.NotStarted };

    /// <summary>Returns the task in the JSON format that front ends of both relays read.</summary>
    /// <remarks>
    /// <code>
    /// {"task_id", "platform": "openai", "action": "sora-video", "status": "NOT_START|IN_PROGRESS|SUCCESS|FAILURE", "fail_reason",
    ///  "submit_time", "start_time", "finish_time", "progress": "50%", "data": {"output": url} or null}
    /// </code>
    /// Times are Unix seconds or null. <c>platform</c> is constant, <c>start_time</c> is the submit time if the platform gave no start,
    /// and an unknown status is <c>IN_PROGRESS</c>. Source: the two-platform practices document of 2025-12-28.
    /// </remarks>
    /// <returns>A new object, which can be changed.</returns>
    public JsonObject ToUnifiedJson() => new()
    {
        ["task_id"] = Id,
        ["platform"] = "openai",
        ["action"] = "sora-video",
        ["status"] = Status switch
        {
            VideoTaskStatus.NotStarted => "NOT_START",
            VideoTaskStatus.Succeeded when IsFinal => "SUCCESS",
            VideoTaskStatus.Failed => "FAILURE",
            _ => "IN_PROGRESS",
        },
        ["fail_reason"] = FailureReason ?? "",
        ["submit_time"] = CreatedAt?.ToUnixTimeSeconds(),
        ["start_time"] = (StartedAt ?? CreatedAt)?.ToUnixTimeSeconds(),
        ["finish_time"] = CompletedAt?.ToUnixTimeSeconds(),
        // Rounded down, so that 100 % is shown only for a finished task.
        ["progress"] = FormattableString.Invariant($"{Math.Floor(Progress ?? 0):0}%"),
        ["data"] = VideoUrl is null ? null : new JsonObject { ["output"] = VideoUrl.OriginalString },
    };

    /// <summary>Returns one line: id, platform, status, progress and the reason of a failure, without links.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{LogSanitizer.SingleLine(Id)} on {LogSanitizer.SingleLine(PlatformName)}: {Status}"
            + (RawStatus is null ? "" : $" ({LogSanitizer.SingleLine(RawStatus, 40)})"),
        Progress is { } percent ? FormattableString.Invariant($"{percent:0.#}%") : null,
        LogSanitizer.Reason(FailureReason));
}
