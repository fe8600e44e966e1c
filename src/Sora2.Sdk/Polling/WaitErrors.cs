using System.Globalization;
using System.Text;
using System.Text.Json;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Polling;

/// <summary>Creates the exceptions that end a wait, and reads from the last response what they say about the task.</summary>
internal static class WaitErrors
{
    /// <summary>The longest quotation of a response in a message, in characters.</summary>
    private const int MaxQuotation = 500;

    public static VideoTaskFailedException Failed(ClientContext client, VideoTask task)
    {
        var reason = Redaction.Excerpt(task.FailureReason)
            ?? ErrorText.Parse(task.RawResponse.Json).CodeReason
            ?? $"the status is \"{task.RawStatus}\" and no reason was given.";
        return new VideoTaskFailedException(FailureKind(task), $"Task {task.Id} failed on {client.Platform.Title}: {reason}", task);
    }

    public static WaitTimeoutException TimedOut(
        ClientContext client,
        string taskId,
        TimeSpan timeout,
        TimeSpan elapsed,
        VideoTask? last,
        Sora2ApiException? pollFailure)
    {
        var message = $"Task {taskId} on {client.Platform.Title} is not finished after {DurationFormat.Seconds(timeout)} s: "
            + $"{(last is null ? "no status was received" : "last status " + StatusOf(client, last))}. "
            + $"It has not failed and continues; resume waiting with WaitAsync(\"{taskId}\")."
            + (pollFailure is null ? "" : " The last poll failed: " + ReasonOf(client, pollFailure));
        return new WaitTimeoutException(message, client.Platform.Name, taskId, elapsed, last, pollFailure);
    }

    public static Sora2ApiException WithoutLink(ClientContext client, VideoTask task, int polls) => new(
        Sora2ErrorKind.UnreadableResponse,
        $"Task {task.Id} succeeded on {client.Platform.Title} ({task.RawStatus}), but {polls} responses in a row had no link to the video. "
        + "Do not create it again: look at VideoTask.Raw, or request the video of this task from the platform.")
    {
        PlatformName = client.Platform.Name,
        TaskId = task.Id,
        IsTransient = false,
        MayHaveBeenCharged = true,
        RawBody = client.Key.Mask(BodyExcerpt.Raw(task.RawResponse.Json, key: null)),
    };

    public static ObjectDisposedException ClientDisposed(string taskId) => new(
        nameof(Sora2Client),
        $"The client was disposed while waiting for task {taskId}. The task continues; wait for it with another client.");

    /// <summary>Why a task failed, from the platform's reason or, where that does not say, from its error code.</summary>
    /// <remarks>The code is read again from the response: a field for it would be kept by every wait.</remarks>
    public static Sora2ErrorKind FailureKind(VideoTask task)
    {
        var kind = TaskFailureClassifier.Classify(task);
        return kind == Sora2ErrorKind.TaskFailed && !task.RawResponse.Json.IsEmpty && Read(task).FailureCode is { } code
            ? TaskFailureClassifier.Classify($"{code}: {task.FailureReason}")
            : kind;
    }

    private static string StatusOf(ClientContext client, VideoTask task)
    {
        var raw = task.RawStatus is null ? "" : $" ({task.RawStatus})";
        var progress = task.Progress is { } percent ? string.Create(CultureInfo.InvariantCulture, $" at {percent:0.#}%") : "";
        var link = task.Status == VideoTaskStatus.Succeeded ? " without a link to the video" : "";
        return task.Status + raw + progress + link + NoticeOf(client, task);
    }

    /// <summary>What the last response had instead of a status: an error, the id of another task, or else its fields.</summary>
    private static string NoticeOf(ClientContext client, VideoTask task)
    {
        var json = task.RawResponse.Json;
        if (json.IsEmpty)
        {
            return "";
        }

        const int EmptyObject = 2; // {}
        var response = json.Length > EmptyObject ? Read(task) : null;
        var notice = response is null ? null
            : !response.NamesQueriedTask && response.Id is { } id && TaskIds.IsAnother(task.Id, id)
                ? $"the response is about another task, {id}"
            : response.HasErrorText && response.Reason is { } reason ? ErrorText.Parse(reason).Message ?? reason
            : null;
        return notice is not null ? $"; the platform says \"{Quote(client, Redaction.Excerpt(notice))}\""
            : task.RawStatus is null && FieldsOf(task.Raw) is { } fields ? $"; the last response has {Quote(client, fields)}"
            : "";
    }

    /// <summary>The platform's own message if there is one: what the SDK's recommends for a create does not apply to a task.</summary>
    private static string ReasonOf(ClientContext client, Sora2ApiException e)
    {
        var message = PollErrors.IsJson(e) ? ErrorText.Parse(Encoding.UTF8.GetBytes(e.RawBody!)).Message : null;
        return message is null ? e.Message : client.Key.Mask(MessageText.EnsurePeriod(LogSanitizer.SingleLine(message, MaxQuotation)));
    }

    /// <summary>The fields of a response, with their values where these are short: long ones may be the prompt.</summary>
    private static string? FieldsOf(JsonElement response)
    {
        const int MaxValue = 40;
        if (response.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var fields = string.Join(", ", response.EnumerateObject()
            .Select(field => IsShort(field) ? $"{field.Name} = {field.Value.GetRawText()}" : field.Name));
        return fields.Length > 0 ? fields : null;

        static bool IsShort(JsonProperty field) => field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
            && field.Value.GetRawText().Length <= MaxValue
            && !field.Name.Contains("prompt", StringComparison.OrdinalIgnoreCase);
    }

    private static string Quote(ClientContext client, string? text) => client.Key.Mask(LogSanitizer.SingleLine(text, MaxQuotation));

    private static TaskReader Read(VideoTask task) => ResponseReader.Read(task.RawResponse.Json, task.Id, isPaid: false).Task;
}
