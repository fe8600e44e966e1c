using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sora2.Sdk;

/// <summary>Asks for a task until it is completed. All time comes from the options' clock.</summary>
internal sealed class TaskWatcher(Sora2Platform platform, Sora2ClientOptions options, Chance chance)
{
    /// <summary>Just after a create the platform may not know its own task yet; this many times in a row it does not.</summary>
    private const int UnknownTaskLimit = 3;

    /// <summary>A link follows its success within seconds or never.</summary>
    private const int SuccessWithoutLinkLimit = 10;

    /// <summary>Refuses a pace or patience that cannot be.</summary>
    public static void Check(WaitOptions? wait)
    {
        if (wait?.PollInterval is { } interval && !Sora2ClientSettings.IsPollInterval(interval))
        {
            throw new Sora2ValidationException($"WaitOptions.PollInterval is {interval}; it has to be 1 ms to 1 h.");
        }

        if (wait?.Timeout is { } timeout && timeout != TimeSpan.Zero && !Sora2ClientSettings.IsDuration(timeout, mayBeInfinite: true))
        {
            throw new Sora2ValidationException($"WaitOptions.Timeout is {timeout}; it has to be zero (ask once) to 24 days, or Timeout.InfiniteTimeSpan.");
        }
    }

    /// <summary>The answers about a task as they come, the last one final.</summary>
    /// <param name="get">Asks once.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="created">The task as just accepted: it comes first, and a pause before the first question. Null asks at once.</param>
    /// <param name="wait">Pace and patience.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async IAsyncEnumerable<VideoTask> WatchAsync(
        Func<string, CancellationToken, Task<VideoTask>> get, string taskId, VideoTask? created, WaitOptions? wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(wait);
        var pace = new PollPace(wait, options, chance);
        var last = created;
        var unknownInARow = 0;
        var withoutLinkInARow = 0;
        Sora2ApiException? failure = null;

        // Retries inside a question may run on past the end of the wait, but not for long.
        var isEndless = pace.Timeout == Timeout.InfiniteTimeSpan || options.QueryTimeout == Timeout.InfiniteTimeSpan;
        using var patience = new CancellationTokenSource(isEndless ? Timeout.InfiniteTimeSpan : pace.Timeout + options.QueryTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);

        if (created is not null)
        {
            yield return created;
            if (created.IsCompleted)
            {
                yield break;
            }

            await PauseAsync(pace, wanted: null, taskId, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            VideoTask? answer = null;
            try
            {
                answer = await get(taskId, linked.Token).ConfigureAwait(false);
                (unknownInARow, failure) = (0, null);
            }
            catch (Sora2ApiException e) when (MayPass(e, ref unknownInARow) && !pace.IsTooLong(e.RetryAfter))
            {
                failure = e;
            }
            catch (OperationCanceledException e)
            {
                throw cancellationToken.IsCancellationRequested
                    ? new WaitCanceledException(platform.Name, taskId, e, cancellationToken)
                    : TimedOut(taskId, pace, last, failure);
            }

            if (answer is not null)
            {
                last = NeverFalling(answer, last?.Progress);
                yield return last;
                if (last.IsCompleted)
                {
                    yield break;
                }

                withoutLinkInARow = last.Status == VideoTaskStatus.Succeeded ? withoutLinkInARow + 1 : 0;
                if (withoutLinkInARow == SuccessWithoutLinkLimit)
                {
                    throw WithoutLink(last);
                }
            }

            if (pace.IsOver)
            {
                throw TimedOut(taskId, pace, last, failure);
            }

            await PauseAsync(pace, failure?.RetryAfter, taskId, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(PollPace pace, TimeSpan? wanted, string taskId, CancellationToken cancellationToken)
    {
        try
        {
            await pace.PauseAsync(wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new WaitCanceledException(platform.Name, taskId, e, cancellationToken);
        }
    }

    private static bool MayPass(Sora2ApiException e, ref int unknownInARow) =>
        e.IsTransient || (e.Kind == Sora2ErrorKind.TaskNotFound && ++unknownInARow < UnknownTaskLimit);

    private static VideoTask NeverFalling(VideoTask task, double? reached) =>
        reached is { } percent && !(task.Progress >= percent) ? task with { Progress = percent } : task;

    private Sora2ApiException WithoutLink(VideoTask task) => new(
        Sora2ErrorKind.UnreadableAnswer,
        $"{platform.Title} says that task {task.Id} succeeded ({task.RawStatus}), {SuccessWithoutLinkLimit} times now, and gives no link to the video. Do not create it again: look at VideoTask.Raw, or ask the platform for the video of this task.")
    {
        Platform = platform.Name,
        TaskId = task.Id,
        MayHaveBeenCharged = true,
        RawBody = ErrorClassifier.RawBody(task.RawAnswer.Json, options.ApiKey?.Trim()),
    };

    private WaitTimeoutException TimedOut(string taskId, PollPace pace, VideoTask? last, Sora2ApiException? failure)
    {
        var state = last is null ? "it was never seen" : string.Create(CultureInfo.InvariantCulture, $"it was last {last.Status}{(last.RawStatus is null ? "" : $" ({last.RawStatus})")}{(last.Progress is { } percent ? $" at {percent:0.#}%" : "")}{(last.Status == VideoTaskStatus.Succeeded ? " without a link to the video" : "")}");
        return new WaitTimeoutException(
            $"Task {taskId} on {platform.Title} is not finished after {Seconds.Of(pace.Timeout)} s: {state}. It has not failed and goes on; wait for it again with WaitAsync(\"{taskId}\").{(failure is null ? "" : " The last question failed: " + failure.Message)}",
            platform.Name, taskId, pace.Elapsed, last, failure);
    }
}
