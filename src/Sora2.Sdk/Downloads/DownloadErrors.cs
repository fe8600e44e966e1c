using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>Creates the exceptions of one download.</summary>
internal sealed class DownloadErrors(VideoTask task, VideoLink link, MediaClient media, AttemptBudget budget, TimeProvider clock)
{
    /// <summary>The requests sent so far.</summary>
    public int Attempts { get; set; }

    /// <summary>The host failed, or sent something else than the video.</summary>
    public DownloadException Create(
        string reason,
        Exception? cause = null,
        bool isTransient = true,
        HttpResponseMessage? response = null,
        ReadOnlyMemory<byte> body = default,
        TimeSpan? retryAfter = null)
    {
        var nextStep = isTransient ? " Download it again." : "";
        var message = $"The video of task {task.Id} could not be downloaded from {Redaction.WithoutQuery(link.Url)}: {reason}{nextStep}";
        return new DownloadException(media.Masked(message), media.Masked(cause))
        {
            PlatformName = task.PlatformName,
            TaskId = task.Id,
            StatusCode = response?.StatusCode,
            IsTransient = isTransient,
            RetryAfter = response is null ? retryAfter : RetryAfterHeader.Parse(response.Headers, clock),
            HasRetriesLeft = !budget.IsSpent,
            RawBody = body.IsEmpty ? null : media.Masked(BodyExcerpt.Raw(body, key: null)),
            Attempts = Attempts,
        };
    }

    /// <summary>The destination failed, which no other connection can fix.</summary>
    public DownloadException NotWritten(Exception cause) =>
        new($"The video of task {task.Id} cannot be written: {PartialFile.Explain(cause)}", cause)
        {
            IsTransient = false,
            PlatformName = task.PlatformName,
            TaskId = task.Id,
            Attempts = Attempts,
        };

    /// <summary>An address on the way is not allowed.</summary>
    public Sora2ValidationException NotAllowed(Sora2ValidationException cause) =>
        new($"The video of task {task.Id} was not downloaded: {cause.Message}", cause)
        {
            PlatformName = task.PlatformName,
            TaskId = task.Id,
            MayHaveBeenCharged = true,
        };
}
