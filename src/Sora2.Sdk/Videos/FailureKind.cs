namespace Sora2.Sdk;

/// <summary>What a failed task failed of.</summary>
internal static class FailureKind
{
    /// <summary>By the platform's words, and by its code where they do not say.</summary>
    public static Sora2ErrorKind Of(VideoTask task)
    {
        var kind = ErrorClassifier.KindOfFailure(task.FailureReason);
        return kind == Sora2ErrorKind.TaskFailed && task.FailureCode is { } code ? ErrorClassifier.KindOfFailure($"{code}: {task.FailureReason}") : kind;
    }
}
