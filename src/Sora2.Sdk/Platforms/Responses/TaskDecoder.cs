using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Turns an answer into a task, or into the error that it is.</summary>
internal static class TaskDecoder
{
    /// <summary>The longest id that can be asked for, with room for its escapes in an address.</summary>
    private const int MaxIdLength = TaskIdValidator.MaxLength;

    /// <param name="response">The answer.</param>
    /// <param name="platform">Whose answer it is.</param>
    public static VideoTask Decode(ApiResponse response, Sora2Platform platform) =>
        response.Kind == CallKind.Query ? Queried(response, platform) : Created(response, platform);

    /// <summary>
    /// An answer that names a task is a task, whatever its status line or wrapping. If it also reports an error, or is not whole, the
    /// outcome is unknown: never "not charged", and never created again.
    /// </summary>
    private static VideoTask Created(ApiResponse response, Sora2Platform platform)
    {
        var answer = ResponseReader.Read(response.Body, askedId: null, isPaid: true);
        var task = answer.Task;
        var location = task.CreatedId is null ? Location(response) : null;
        if ((task.CreatedId ?? location) is not { } id)
        {
            throw answer.ScanForId(response.Body) is { } found ? Unknown(response, answer, found) : Refused(response, answer);
        }

        var isTask = location is not null
            ? (int)response.StatusCode < 300 && !task.HasErrorText
            : task.IsWhole && !task.IsDamaged && !task.ReportsError && !answer.HasOtherError && !SaysError(task)
                && (response.IsSuccess || (!task.HasMessage && task.Status != VideoTaskStatus.Failed));
        if (!isTask || id.Length > MaxIdLength)
        {
            throw Unknown(response, answer, id);
        }

        var made = TaskOf(response, task, id, platform);
        return made is { Status: VideoTaskStatus.Unknown, RawStatus: null } ? made with { Status = VideoTaskStatus.NotStarted } : made;
    }

    private static VideoTask Queried(ApiResponse response, Sora2Platform platform)
    {
        var answer = ResponseReader.Read(response.Body, response.TaskId, isPaid: false);
        var task = answer.Task;
        if (!response.IsSuccess && !(task is { NamesAskedTask: true, IsWhole: true, IsDamaged: false, HasErrorText: false }
            && task.Status != VideoTaskStatus.Unknown))
        {
            throw ErrorClassifier.Classify(response);
        }

        if (!task.HasObject || answer.IsPage)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} answered JSON that is not an object.");
        }

        if (!task.IsWhole || task.IsDamaged || (answer.HasRest && !task.NamesAskedTask))
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s answer is not whole JSON.");
        }

        if (IsError(response, task))
        {
            throw Passing(ErrorClassifier.Classify(response with { Body = answer.Json }));
        }

        if ((response.TaskId ?? task.Id) is not { } id)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} answered without a task id.");
        }

        return response.TaskId is { } asked && !task.NamesAskedTask && task.Id is { } given && TaskIds.IsAnother(asked, given)
            ? AboutAnother(response, asked)
            : TaskOf(answer.Json.Length == response.Body.Length ? response : response with { Body = answer.Json }, task, id, platform);
    }

    private static VideoTask TaskOf(ApiResponse response, TaskReader answer, string id, Sora2Platform platform)
    {
        var status = answer.Status;
        var reason = answer.Reason is { } said ? ErrorText.Parse(said).Message ?? said : null;
        return new VideoTask
        {
            Platform = response.Platform,
            Id = id,
            Status = status,
            RawStatus = answer.RawStatus,
            Progress = answer.Progress ?? (status == VideoTaskStatus.Succeeded ? 100 : null),
            // What stands in place of a video on a failure is its reason, or an address of the upstream's.
            VideoUrl = status == VideoTaskStatus.Failed ? null : answer.VideoUrl(response.Address)
                ?? (status == VideoTaskStatus.Succeeded && answer.IsVideoObject && platform.ContentPath(id) is { } path
                    ? OnApi(response.Address, path) : null),
            ThumbnailUrl = answer.ThumbnailUrl(response.Address),
            LastFrameUrl = answer.LastFrameUrl(response.Address),
            // On success some relays keep the video's address in this field.
            FailureReason = status == VideoTaskStatus.Failed ? reason : null,
            Model = answer.Model,
            CreatedAt = answer.CreatedAt,
            StartedAt = answer.StartedAt,
            CompletedAt = answer.CompletedAt ?? (status is VideoTaskStatus.Succeeded or VideoTaskStatus.Failed ? answer.UpdatedAt : null),
            RawResponse = new RawResponse(response.Body),
        };
    }

    /// <summary>
    /// What an answer about another task says about the one that was asked for: nothing. A cache or a mix-up in a relay must neither end it
    /// nor hand out a stranger's video.
    /// </summary>
    private static VideoTask AboutAnother(ApiResponse response, string asked) => new()
    {
        Platform = response.Platform,
        Id = asked,
        Status = VideoTaskStatus.Unknown,
        RawResponse = new RawResponse(response.Body),
    };

    /// <summary>A path of the API, at the address that was asked: that may have a path of its own before the version.</summary>
    private static Uri OnApi(Uri asked, string path)
    {
        var own = asked.AbsolutePath;
        var version = Math.Max(own.LastIndexOf("/v1/", StringComparison.Ordinal), own.LastIndexOf("/v2/", StringComparison.Ordinal));
        return new Uri(asked.GetLeftPart(UriPartial.Authority) + (version > 0 ? own[..version] : "") + path);
    }

    /// <summary>The id in the address that a success or a "see other" points to.</summary>
    private static string? Location(ApiResponse response) =>
        response.IsSuccess || (int)response.StatusCode == 303 ? TaskIds.FromLocation(response.Location) : null;

    private static bool SaysError(TaskReader answer) => string.Equals(answer.RawStatus, "error", StringComparison.OrdinalIgnoreCase);

    /// <summary>The error of an answer to a create that names no task.</summary>
    private static Sora2ApiException Refused(ApiResponse response, ResponseReader answer)
    {
        var task = answer.Task;
        if (!response.IsSuccess || answer.IsPage)
        {
            return ErrorClassifier.Classify(response);
        }

        if (!task.HasObject)
        {
            return ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} answered JSON that is not an object.");
        }

        var read = response with { Body = answer.Json };
        return !task.IsWhole || task.IsDamaged
            ? ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s answer is not whole JSON.")
            : SaysError(task) || task.HasBlankId || HasErrorText(read) ? ErrorClassifier.Classify(read)
            : ErrorClassifier.Unreadable(read, $"{response.PlatformTitle} answered without a task id.");
    }

    /// <summary>The answer names a task and is no plain success: that a task was made is as likely as not.</summary>
    private static Sora2ApiException Unknown(ApiResponse response, ResponseReader answer, string id)
    {
        var words = answer.Task.Reason is { } reason ? ErrorText.Parse(reason).Message ?? reason
            : $"{response.Request} answered {(int)response.StatusCode}, not plainly a success.";
        return new Sora2ApiException(Sora2ErrorKind.UnreadableResponse, Redaction.Mask(words, response.Key))
        {
            MayHaveBeenCharged = null,
            Platform = response.Platform,
            TaskId = id,
            RequestId = response.RequestId,
            Request = $"{response.Method} {response.Address.AbsolutePath}",
            StatusCode = response.StatusCode,
            RetryAfter = response.RetryAfter,
            RawBody = ErrorClassifier.RawBody(response.Body, response.Key),
        };
    }

    /// <summary>
    /// Whether a success status stands over an error body. A failed task is none: it has an id, or what else only a task has. An error word
    /// in an envelope that names no task is about the call, and ends
    /// nothing that was paid for.
    /// </summary>
    private static bool IsError(ApiResponse response, TaskReader answer)
    {
        if (answer.Id is not null)
        {
            return false;
        }

        return answer.Status == VideoTaskStatus.Failed ? answer.HasBlankId || (!answer.HasTaskFields && answer.HasErrorText && !IsVerdict(answer))
            : answer.RawStatus is null && answer.HasErrorText && answer.VideoUrl(response.Address) is null && !answer.HasTaskFields;
    }

    /// <summary>Whether a code says that the content was refused, under a word that only tasks have: that is about the task, with and without its id.</summary>
    private static bool IsVerdict(TaskReader answer) =>
        !string.Equals(answer.RawStatus, "error", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(answer.RawStatus, "expired", StringComparison.OrdinalIgnoreCase)
        && answer.FailureCode is { } code
        && RelayPhrases.CodeOf(code)?.Kind is Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration;

    /// <summary>
    /// An error in answer to a question that does not name the task is asked about again, unless it says that asking is what is refused.
    /// </summary>
    private static Sora2ApiException Passing(Sora2ApiException error) =>
        error.Kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.PermissionDenied or Sora2ErrorKind.InsufficientQuota
            or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.WrongEndpoint ? error : error.AsTransient();

    private static bool HasErrorText(ApiResponse response) => ErrorText.Parse(response.Body).IsError;
}
