using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What is stored about a submitted request: enough to resume it, and never an API key or a link to a video.</summary>
public sealed record TaskRecord
{
    /// <summary>The id of the record, made before the request was sent; sorts by time and is a valid file name.</summary>
    public required string Id { get; init; }

    /// <inheritdoc cref="GenerationRequest.Key"/>
    public string? Key { get; init; }

    /// <summary>Which attempt at the <see cref="Key"/> this is.</summary>
    /// <value>1 by default; one more for each attempt after a refused or failed one.</value>
    public int Attempt { get; init => field = Math.Max(value, 1); } = 1;

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public required string PlatformName { get; init; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that sent the request; empty for the default client.</summary>
    /// <remarks>A client resumes its own records only. After renaming a client, save its records under the new name.</remarks>
    public string ClientName { get; init => field = value ?? ""; } = "";

    /// <summary>The kind of request.</summary>
    public TaskRecordKind Kind { get; init; }

    /// <summary>The state of the task, as far as this side knows it.</summary>
    public required TaskRecordState State { get; init; }

    /// <summary>The task's id at the platform, once it was accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>What names the task, once it was accepted.</summary>
    [JsonIgnore]
    public TaskHandle? Handle => TaskId is null ? null : new TaskHandle(TaskId) { PlatformName = PlatformName, ClientName = ClientName };

    /// <summary>The username of the character that was created.</summary>
    /// <value><see langword="null"/> for a video.</value>
    public string? Username { get; init; }

    /// <summary>The prompt as the caller wrote it, before names of characters were resolved; for a character, its source.</summary>
    public string? Prompt { get; init; }

    /// <summary>The requested model.</summary>
    public string? Model { get; init; }

    /// <summary>The requested length of the video.</summary>
    public TimeSpan? Duration { get; init; }

    /// <inheritdoc cref="GenerationRequest.Metadata"/>
    public IReadOnlyDictionary<string, string> Metadata { get; init => field = MetadataDictionary.From(value); } =
        MetadataDictionary.None;

    /// <summary>The request as the caller gave it, to be sent again.</summary>
    /// <value><see langword="null"/> where it is not kept: <see cref="RequestNotKept"/> says why.</value>
    public GenerationRequest? Request { get; init; }

    /// <summary>Why <see cref="Request"/> is not there.</summary>
    /// <value><see langword="null"/> if it is.</value>
    public string? RequestNotKept { get; init; }

    /// <summary>The SHA-256 of the request, images included, by which another request with the same <see cref="Key"/> is noticed.</summary>
    /// <value>64 lower-case hexadecimal digits; <see langword="null"/> without a key.</value>
    public string? Fingerprint { get; init; }

    /// <summary>The process that sends the request: machine, process and start.</summary>
    public string? Owner { get; init; }

    /// <summary>When the <see cref="Owner"/> last showed that it lives.</summary>
    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>Whether the store knows that the <see cref="Owner"/> of an intent lives. Not stored.</summary>
    /// <value><see langword="null"/> if it does not know: <see cref="HeartbeatAt"/> decides.</value>
    [JsonIgnore]
    public bool? IsOwnerAlive { get; init; }

    /// <summary>When the record was created, before the request was sent.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the record last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The full path of the video file, once it was downloaded.</summary>
    public string? Path { get; init; }

    /// <summary>The size of the video in bytes, once it was downloaded.</summary>
    public long? Length { get; init; }

    /// <summary>The error message, if something went wrong.</summary>
    public string? Error { get; init; }

    /// <summary>Whether a stored record did not change since this one was read.</summary>
    internal bool IsUnchanged(TaskRecord? stored) => stored is not null
        && stored.State == State && stored.TaskId == TaskId && stored.UpdatedAt == UpdatedAt && stored.HeartbeatAt == HeartbeatAt;

    /// <summary>Returns one readable line: kind, id, key, platform, state, time, prompt (shortened if long), path and error.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{Kind} {LogSanitizer.SingleLine(TaskId ?? Username ?? Id)} on {LogSanitizer.SingleLine(PlatformName)}: {State}",
        Key is null ? null : $"key {LogSanitizer.SingleLine(Key)}",
        Attempt == 1 ? null : FormattableString.Invariant($"attempt {Attempt}"),
        FormattableString.Invariant($"{CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"),
        Prompt is null ? null : LogSanitizer.Quoted(Prompt),
        LogSanitizer.Path(Path),
        LogSanitizer.Reason(Error));
}
