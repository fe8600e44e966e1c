using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Decides the kind of a failed task's error.</summary>
internal static class TaskFailureClassifier
{
    /// <summary>Returns the kind by the platform's reason, or by its codes if the reason is not specific.</summary>
    public static Sora2ErrorKind Classify(VideoTask task)
    {
        var kind = Classify(task.FailureReason);
        if (kind != Sora2ErrorKind.TaskFailed || task.RawResponse.Json.IsEmpty)
        {
            return kind;
        }

        return ErrorText.Parse(task.RawResponse.Json).Codes.Select(code => RelayCodes.Find(code)?.Kind).FirstOrDefault(each =>
            each is Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration or Sora2ErrorKind.InsufficientQuota) ?? kind;
    }

    /// <summary>Returns the kind by the platform's reason.</summary>
    public static Sora2ErrorKind Classify(string? reason)
    {
        var text = new PhraseFinder(reason ?? "", PromptTexts.None);
        return text.Has(RelayPhrases.Accounts) ? Sora2ErrorKind.TaskFailed // the relay's own account at its upstream: it took the task
            : text.Has(RelayPhrases.Moderation) ? PhraseRules.ModerationKind(text)
            : RelayCodes.Find(reason?.Trim() ?? "")?.Kind is { } ofCode ? ofCode
            : PhraseRules.Kind(text) ?? Sora2ErrorKind.TaskFailed;
    }
}
