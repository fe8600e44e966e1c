using System.Text.Json;

namespace Sora2.Sdk;

/// <summary>Turns an answer into a task, or into the error that it is.</summary>
internal static class TaskDecoder
{
    public static VideoTask Decode(ApiResponse response)
    {
        if (!response.IsSuccess)
        {
            throw ErrorClassifier.Classify(response);
        }

        var answer = Read(response);
        var status = StatusWords.Read(answer.RawStatus);
        var url = answer.VideoUrl();
        if (IsError(response, answer, url))
        {
            throw ErrorClassifier.Classify(response);
        }

        if ((response.TaskId ?? answer.Id) is not { } id)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} answered without a task id.");
        }

        return new VideoTask
        {
            Platform = response.Platform,
            Id = id,
            Status = status,
            RawStatus = answer.RawStatus,
            Progress = answer.Progress ?? (status == VideoTaskStatus.Succeeded ? 100 : null),
            VideoUrl = url,
            ThumbnailUrl = answer.ThumbnailUrl,
            // On success some relays keep the video's address in this field.
            FailureReason = status == VideoTaskStatus.Failed && answer.FailureReason is { } reason ? ErrorText.Of(reason).Message : null,
            Model = answer.Model,
            CreatedAt = answer.CreatedAt,
            StartedAt = answer.StartedAt,
            CompletedAt = answer.CompletedAt ?? (status is VideoTaskStatus.Succeeded or VideoTaskStatus.Failed ? answer.UpdatedAt : null),
            RawAnswer = new RawAnswer(response.Body),
        };
    }

    private static TaskReader Read(ApiResponse response)
    {
        var answer = new TaskReader();
        try
        {
            return TaskReader.Read(response.Body.Span, answer) ? answer : throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} answered JSON that is not an object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ErrorClassifier.Unreadable(response with { TaskId = response.TaskId ?? answer.Id }, $"{response.PlatformTitle}'s answer is not whole JSON.", e);
        }
    }

    /// <summary>Whether a success status stands over an error body. A failed task is none: it has an id and a status.</summary>
    private static bool IsError(ApiResponse response, TaskReader answer, Uri? url)
    {
        var saysError = string.Equals(answer.RawStatus, "error", StringComparison.OrdinalIgnoreCase);
        return response.Kind == CallKind.Query
            ? answer.HasBlankId && answer.Id is null ? saysError : answer.RawStatus is null && url is null && answer.Id is null && HasErrorText(response)
            : saysError || (answer.Id is null && (answer.HasBlankId || HasErrorText(response)));
    }

    private static bool HasErrorText(ApiResponse response) => ErrorText.Of(response.Body).IsError;
}
