using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Polling;

/// <summary>
/// What a task's last answer says beside what the task keeps. Read again from its bytes when it is needed, once at most: a field for it
/// would be kept by every wait.
/// </summary>
internal static class PolledTask
{
    /// <summary>What a failed task failed of, by the platform's words, and by its code where they do not say.</summary>
    public static Sora2ErrorKind KindOfFailure(VideoTask task)
    {
        var kind = TaskFailureClassifier.Classify(task);
        return kind == Sora2ErrorKind.TaskFailed && !task.RawResponse.Json.IsEmpty && Read(task).FailureCode is { } code
            ? TaskFailureClassifier.Classify($"{code}: {task.FailureReason}")
            : kind;
    }

    /// <summary>What the platform said instead of how far the task is: an error beside its id, or another task's id; null for neither.</summary>
    public static string? Notice(VideoTask task)
    {
        var json = task.RawResponse.Json;
        if (json.Length <= 2) // {}
        {
            return null;
        }

        var answer = Read(task);
        return !answer.NamesQueriedTask && answer.Id is { } given && TaskIds.IsAnother(task.Id, given) ? $"the answer is about another task, {given}"
            : answer.HasErrorText && answer.Reason is { } reason ? ErrorText.Parse(reason).Message ?? reason
            : null;
    }

    private static TaskReader Read(VideoTask task) => ResponseReader.Read(task.RawResponse.Json, task.Id, isPaid: false).Task;
}
