using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sora2.Sdk;

/// <summary>Asks for a task until it is completed. All time comes from the options' clock.</summary>
internal sealed class TaskWatcher(Sora2Platform platform, Sora2ClientOptions options)
{
    /// <summary>Just after a create the platform may not know its own task yet; this many times in a row it does not.</summary>
    private const int UnknownTaskLimit = 3;

    private readonly TimeProvider _clock = options.TimeProvider;

    /// <summary>Refuses a pace or patience that cannot be.</summary>
    public static void Check(WaitOptions? wait)
    {
        if (wait?.PollInterval is { } interval && !Sora2ClientSettings.IsDuration(interval, mayBeInfinite: false))
        {
            throw new Sora2ValidationException($"WaitOptions.PollInterval is {interval}; it has to be over zero and at most 24 days.");
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
        var interval = wait?.PollInterval ?? options.PollInterval;
        var timeout = wait?.Timeout ?? options.WaitTimeout;
        var began = _clock.GetTimestamp();
        var asked = began;
        var last = created;
        var unknownInARow = 0;
        Sora2ApiException? failure = null;

        // Retries inside a question may run on past the end of the wait, but not for long.
        using var patience = new CancellationTokenSource(timeout == Timeout.InfiniteTimeSpan ? timeout : timeout + options.QueryTimeout, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);

        if (created is not null)
        {
            yield return created;
            if (created.IsCompleted)
            {
                yield break;
            }

            await PauseAsync(Pause(interval, asked, timeout, began, failure), cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            asked = _clock.GetTimestamp();
            VideoTask? answer = null;
            try
            {
                answer = await get(taskId, linked.Token).ConfigureAwait(false);
                (unknownInARow, failure) = (0, null);
            }
            catch (Sora2ApiException e) when (e.IsTransient || (e.Kind == Sora2ErrorKind.TaskNotFound && ++unknownInARow < UnknownTaskLimit))
            {
                failure = e;
            }
            catch (OperationCanceledException e)
            {
                throw cancellationToken.IsCancellationRequested
                    ? new OperationCanceledException(e.Message, e, cancellationToken)
                    : TimedOut(taskId, timeout, began, last, failure);
            }

            if (answer is not null)
            {
                last = NeverFalling(answer, last?.Progress);
                yield return last;
                if (last.IsCompleted)
                {
                    yield break;
                }
            }

            if (timeout != Timeout.InfiniteTimeSpan && _clock.GetElapsedTime(began) >= timeout)
            {
                throw TimedOut(taskId, timeout, began, last, failure);
            }

            await PauseAsync(Pause(interval, asked, timeout, began, failure), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>From the last question to the next: the interval less what the question took, more if the platform asks for more, but not past the end of the wait.</summary>
    private TimeSpan Pause(TimeSpan interval, long asked, TimeSpan timeout, long began, Sora2ApiException? failure)
    {
        var pause = interval - _clock.GetElapsedTime(asked);
        if (failure?.RetryAfter is { } wanted && wanted > pause)
        {
            pause = wanted;
        }

        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return pause;
        }

        var left = timeout - _clock.GetElapsedTime(began);
        if (failure?.RetryAfter > left)
        {
            throw failure; // The platform asks for more patience than the caller has.
        }

        return pause < left ? pause : left;
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        pause <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(pause, _clock, cancellationToken);

    private static VideoTask NeverFalling(VideoTask task, double? reached) =>
        reached is { } percent && !(task.Progress >= percent) ? task with { Progress = percent } : task;

    private WaitTimeoutException TimedOut(string taskId, TimeSpan timeout, long began, VideoTask? last, Sora2ApiException? failure)
    {
        var elapsed = _clock.GetElapsedTime(began);
        var state = last is null ? "it was never seen" : string.Create(CultureInfo.InvariantCulture, $"it was last {last.Status}{(last.RawStatus is null ? "" : $" ({last.RawStatus})")}{(last.Progress is { } percent ? $" at {percent:0.#}%" : "")}{(last.Status == VideoTaskStatus.Succeeded ? " without a link to the video" : "")}");
        return new WaitTimeoutException(
            $"Task {taskId} on {platform.Title} is not finished after {Seconds.Of(timeout)} s: {state}. It has not failed and goes on; wait for it again with WaitAsync(\"{taskId}\").{(failure is null ? "" : " The last question failed: " + failure.Message)}",
            platform.Name, taskId, elapsed, last, failure);
    }
}
