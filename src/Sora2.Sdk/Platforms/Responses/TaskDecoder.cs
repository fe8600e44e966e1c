using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Decodes a task from a response, or throws its error.</summary>
internal static class TaskDecoder
{
    /// <summary>The longest id that fits into the address of a query with its escapes.</summary>
    private const int MaxIdLength = TaskIdValidator.MaxLength;

    /// <param name="response">The response.</param>
    /// <param name="platform">Its platform.</param>
    public static VideoTask Decode(ApiResponse response, Sora2Platform platform) =>
        response.Kind == CallKind.Query ? DecodeQuery(response, platform) : DecodeCreate(response, platform);

    /// <summary>Decodes the response to a create, which is accepted if it names a task, whatever its status line or wrapping.</summary>
    /// <remarks>
    /// If it also reports an error, or is not complete, the outcome is unknown: never "not charged", and never created again.
    /// </remarks>
    private static VideoTask DecodeCreate(ApiResponse response, Sora2Platform platform)
    {
        var content = ResponseReader.Read(response.Body, queriedId: null, isPaid: true);
        var task = content.Task;
        var location = task.CreatedId is null ? IdFromLocation(response) : null;
        if ((task.CreatedId ?? location) is not { } id)
        {
            throw content.ScanForId(response.Body) is { } found ? Unknown(response, task, found) : Refused(response, content);
        }

        var isTask = location is not null
            ? (int)response.StatusCode < 300 && !task.HasErrorText
            : task.IsComplete && !task.IsDamaged && !task.ReportsError && !content.HasOtherError && !HasErrorStatus(task)
                && (response.IsSuccess || (!task.HasMessage && task.Status != VideoTaskStatus.Failed));
        if (!isTask || id.Length > MaxIdLength)
        {
            throw Unknown(response, task, id);
        }

        var created = ToTask(response, task, id, platform);
        return created is { Status: VideoTaskStatus.Unknown, RawStatus: null }
            ? created with { Status = VideoTaskStatus.NotStarted }
            : created;
    }

    private static VideoTask DecodeQuery(ApiResponse response, Sora2Platform platform)
    {
        var content = ResponseReader.Read(response.Body, response.TaskId, isPaid: false);
        var task = content.Task;
        if (!response.IsSuccess && !(task is { NamesQueriedTask: true, IsComplete: true, IsDamaged: false, HasErrorText: false }
            && task.Status != VideoTaskStatus.Unknown))
        {
            throw ErrorClassifier.Classify(response);
        }

        if (!task.HasObject || content.IsPage)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} returned JSON that is not an object.");
        }

        if (!task.IsComplete || task.IsDamaged || (content.HasRest && !task.NamesQueriedTask))
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s response is not complete JSON.");
        }

        if (IsError(response, task))
        {
            throw AsTransient(ErrorClassifier.Classify(response with { Body = content.Json }));
        }

        if ((response.TaskId ?? task.Id) is not { } id)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} returned no task id.");
        }

        return response.TaskId is { } queried && !task.NamesQueriedTask && task.Id is { } received && TaskIds.IsAnother(queried, received)
            ? UnknownState(response, queried)
            : ToTask(content.Json.Length == response.Body.Length ? response : response with { Body = content.Json }, task, id, platform);
    }

    private static VideoTask ToTask(ApiResponse response, TaskReader task, string id, Sora2Platform platform)
    {
        var status = task.Status;
        var reason = task.Reason is { } text ? ErrorText.Parse(text).Message ?? text : null;
        return new VideoTask
        {
            PlatformName = response.Platform,
            Id = id,
            Status = status,
            RawStatus = task.RawStatus,
            Progress = task.Progress ?? (status == VideoTaskStatus.Succeeded ? 100 : null),
            // On a failure the field of the video contains the reason, or an address of the upstream.
            VideoUrl = status == VideoTaskStatus.Failed ? null : task.VideoUrl(response.Address)
                ?? (status == VideoTaskStatus.Succeeded && task.IsVideoObject && platform.ContentPath(id) is { } path
                    ? ApiUrl(response.Address, path) : null),
            ThumbnailUrl = task.ThumbnailUrl(response.Address),
            LastFrameUrl = task.LastFrameUrl(response.Address),
            // On success some relays put the video's address in this field.
            FailureReason = status == VideoTaskStatus.Failed ? reason : null,
            Model = task.Model,
            CreatedAt = task.CreatedAt,
            StartedAt = task.StartedAt,
            CompletedAt = task.CompletedAt ?? (status is VideoTaskStatus.Succeeded or VideoTaskStatus.Failed ? task.UpdatedAt : null),
            RawResponse = new RawResponse(response.Body),
        };
    }

    /// <summary>Returns a task of unknown status, for a response about another task.</summary>
    /// <remarks>A cache or a mix-up in a relay must neither end the queried task nor return another account's video.</remarks>
    private static VideoTask UnknownState(ApiResponse response, string queriedId) => new()
    {
        PlatformName = response.Platform,
        Id = queriedId,
        Status = VideoTaskStatus.Unknown,
        RawResponse = new RawResponse(response.Body),
    };

    /// <summary>Returns the address of a path of the API, which may have a path of its own before the version.</summary>
    private static Uri ApiUrl(Uri queried, string path)
    {
        var own = queried.AbsolutePath;
        var version = Math.Max(own.LastIndexOf("/v1/", StringComparison.Ordinal), own.LastIndexOf("/v2/", StringComparison.Ordinal));
        return new Uri(queried.GetLeftPart(UriPartial.Authority) + (version > 0 ? own[..version] : "") + path);
    }

    /// <summary>Returns the id in the address of a success or a "see other", or null.</summary>
    private static string? IdFromLocation(ApiResponse response) =>
        response.IsSuccess || (int)response.StatusCode == 303 ? TaskIds.FromLocation(response.Location) : null;

    private static bool HasErrorStatus(TaskReader task) => string.Equals(task.RawStatus, "error", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the error of a response to a create that names no task.</summary>
    private static Sora2ApiException Refused(ApiResponse response, ResponseReader content)
    {
        var task = content.Task;
        if (!response.IsSuccess || content.IsPage)
        {
            return ErrorClassifier.Classify(response);
        }

        if (!task.HasObject)
        {
            return ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} returned JSON that is not an object.");
        }

        var json = response with { Body = content.Json };
        return !task.IsComplete || task.IsDamaged
            ? ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s response is not complete JSON.")
            : HasErrorStatus(task) || task.HasBlankId || ErrorText.Parse(json.Body).IsError ? ErrorClassifier.Classify(json)
            : ErrorClassifier.Unreadable(json, $"{response.PlatformTitle} returned no task id.");
    }

    /// <summary>Returns the error of a response that names a task but is not a clear success: the task may exist.</summary>
    private static Sora2ApiException Unknown(ApiResponse response, TaskReader task, string id)
    {
        var message = task.Reason is { } reason
            ? ErrorText.Parse(reason).Message ?? reason
            : $"{response.Request} returned {(int)response.StatusCode}, which is not a clear success.";
        return new Sora2ApiException(Sora2ErrorKind.UnreadableResponse, Redaction.Mask(message, response.Key))
        {
            MayHaveBeenCharged = null,
            PlatformName = response.Platform,
            TaskId = id,
            RequestId = response.RequestId,
            RequestLine = $"{response.Method} {response.Address.AbsolutePath}",
            StatusCode = response.StatusCode,
            RetryAfter = response.RetryAfter,
            RawBody = BodyExcerpt.Raw(response.Body, response.Key),
        };
    }

    /// <summary>Returns whether the body of a success is an error of the call.</summary>
    /// <remarks>
    /// A failed task is not: it has an id, or another field that only a task has. An error word in an envelope without a task is about the
    /// call, and must not end a task that was paid for.
    /// </remarks>
    private static bool IsError(ApiResponse response, TaskReader task)
    {
        if (task.Id is not null)
        {
            return false;
        }

        return task.Status == VideoTaskStatus.Failed
            ? task.HasBlankId || (!task.HasTaskFields && task.HasErrorText && !IsModerated(task))
            : task.RawStatus is null && task.HasErrorText && task.VideoUrl(response.Address) is null && !task.HasTaskFields;
    }

    /// <summary>Returns whether there is a code of moderation under a status that only tasks have, even without an id.</summary>
    private static bool IsModerated(TaskReader task) =>
        !HasErrorStatus(task)
        && !string.Equals(task.RawStatus, "expired", StringComparison.OrdinalIgnoreCase)
        && task.FailureCode is { } code
        && RelayCodes.Find(code)?.Kind is Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration;

    /// <summary>Makes the error of a query without the task's id transient, unless the query itself was refused.</summary>
    private static Sora2ApiException AsTransient(Sora2ApiException error) =>
        error.Kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.PermissionDenied or Sora2ErrorKind.InsufficientQuota
            or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.WrongEndpoint ? error : error.AsTransient();
}
