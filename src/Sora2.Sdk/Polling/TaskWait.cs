using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Sora2.Sdk.Polling;

/// <summary>One wait for a task, from its first poll to its end.</summary>
/// <remarks>
/// Everything that is kept between two polls is in this object and in the state machine of <see cref="RunAsync"/>: about 1 KB, which a test
/// measures. It is also the awaitable of its own delay, so that a delay allocates nothing; <see cref="TimerQueue"/> wakes it.
/// </remarks>
internal sealed class TaskWait(TaskPoller poller, string taskId, WaitOptions? options, CancellationToken cancellationToken)
    : IValueTaskSource, IDisposable
{
    /// <summary>Just after a create the platform may not know its own task yet: this many times in a row end the wait.</summary>
    private const int UnknownTaskLimit = 3;

    /// <summary>How many errors in a row that say nothing about the task end the wait.</summary>
    private const int UnclearErrorLimit = 10;

    /// <summary>A link follows the success within seconds or never.</summary>
    private const int SuccessWithoutLinkLimit = 10;

    private PollSchedule _schedule = new(options, poller.Context.Options);
    private ManualResetValueTaskSourceCore<bool> _delay;
    private CancellationTokenRegistration _registration;
    private WaitTelemetry _telemetry;
    private VideoTask? _last;
    private Sora2ApiException? _pollFailure;
    private int _unknownInARow;
    private int _unclearErrorsInARow;
    private int _withoutLinkInARow;
    private readonly bool _wasCreated;
    private bool _hasPolled;
    private bool _hasSeenJson;
    private bool _isFirstPoll;
    private bool _isHeld;

    /// <summary>Waits for a task that was just created: it is reported first, and its first poll is due after an interval.</summary>
    /// <remarks>One that was created earlier, with the same key, is polled at once.</remarks>
    public TaskWait(TaskPoller poller, VideoTask created, WaitOptions? options, CancellationToken cancellationToken)
        : this(poller, created.Id, options, cancellationToken) =>
        (_last, _wasCreated, _hasSeenJson) = (created, created.Record is null, created.Record is null);

    /// <summary>When the delay ends, on the scale of <see cref="TimerQueue"/>.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Orders waits that are due at the same time.</summary>
    public long Order { get; set; }

    /// <summary>Polls until the task has succeeded, and returns it.</summary>
    /// <param name="progress">Receives the created task and every response.</param>
    /// <exception cref="VideoTaskFailedException">The task failed.</exception>
    /// <exception cref="WaitTimeoutException">The timeout passed; the task continues.</exception>
    /// <exception cref="WaitCanceledException">The token was cancelled; the task continues.</exception>
    /// <exception cref="Sora2ApiException">Polling failed for good.</exception>
    public async Task<VideoTask> RunAsync(IProgress<VideoTask>? progress)
    {
        using var self = this;
        try
        {
            var task = Begin();
            Report(task, progress);
            while (task is not { IsFinal: true })
            {
                await DelayAsync().ConfigureAwait(false);
                task = await PollAsync().ConfigureAwait(false);
                Report(task, progress);
            }

            return task.Status == VideoTaskStatus.Failed ? throw WaitErrors.Failed(poller.Context, task) : task;
        }
        catch (Sora2ApiException e) when (_wasCreated)
        {
            throw e.AsAccepted(); // It must not read as if the task could be created again.
        }
        catch (ObjectDisposedException e)
        {
            e.Data["Sora2.TaskId"] = taskId; // A programming error, which must not lose the id of a paid task.
            throw;
        }
    }

    /// <summary>Polls until the task is completed, and yields every response; the last one is final, also that of a failed task.</summary>
    /// <remarks>Not the base of <see cref="RunAsync"/>: an iterator would double what a wait keeps between two polls.</remarks>
    public static async IAsyncEnumerable<VideoTask> WatchAsync(
        TaskPoller poller,
        string taskId,
        WaitOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options?.Validate();
        using var wait = new TaskWait(poller, taskId, options, cancellationToken);
        var task = wait.Begin();
        while (task is not { IsFinal: true })
        {
            await wait.DelayAsync().ConfigureAwait(false);
            task = await wait.PollAsync().ConfigureAwait(false);
            if (task is not null)
            {
                yield return task;
            }
        }
    }

    /// <summary>Ends the delay because it is due.</summary>
    public void Wake() => _delay.SetResult(true);

    /// <summary>Ends the delay because the client was disposed.</summary>
    public void EndDisposed() => _delay.SetException(EndedBy(WaitErrors.ClientDisposed(taskId)));

    /// <summary>Ends what the wait holds, however it ended.</summary>
    public void Dispose()
    {
        _telemetry.Abandoned(poller.Context.Telemetry);
        EndFirstPoll();
        if (_isHeld)
        {
            _isHeld = false;
            poller.Release(taskId);
        }
    }

    /// <summary>Starts the wait.</summary>
    /// <returns>The created task, or null for a task that existed before.</returns>
    private VideoTask? Begin()
    {
        _telemetry.Begin(poller.Context.Telemetry, taskId, _wasCreated);
        _isHeld = true;
        poller.Hold(taskId);
        if (_last is { IsFinal: true } created)
        {
            _telemetry.Completed(poller.Context.Telemetry, created);
        }

        return _last;
    }

    /// <summary>Waits until the next poll is due; ends the wait when it is over.</summary>
    private ValueTask DelayAsync()
    {
        if (_hasPolled)
        {
            ThrowIfOver();
        }
        else if (!_wasCreated)
        {
            _isFirstPoll = poller.TryBeginFirstPoll();
            return _isFirstPoll ? ValueTask.CompletedTask : DelayAsync(_schedule.FirstDelay(poller.Context.Jitter));
        }

        return DelayAsync(_schedule.NextDelay(_pollFailure?.RetryAfter, poller.Context.Jitter));
    }

    private ValueTask DelayAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        _delay.Reset();
        poller.Timers.Add(this, delay);
        _registration = cancellationToken.UnsafeRegister(static wait => ((TaskWait)wait!).CancelDelay(), this);
        return new ValueTask(this, _delay.Version);
    }

    /// <summary>Polls once.</summary>
    /// <returns>The response, or null if the poll failed and the wait continues.</returns>
    private async Task<VideoTask?> PollAsync()
    {
        _telemetry.Enter();
        _schedule.StartPoll();
        _hasPolled = true;

        // Retries inside a poll may last beyond the end of the wait, but only by one query timeout.
        var left = _schedule.TimeLeft(poller.Context.Options.QueryTimeout);
        using var timeout = left == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(left, poller.Context.Clock);
        using var linked = timeout is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return Received(await poller.GetAsync(taskId, _last, isPoll: true, linked?.Token ?? cancellationToken).ConfigureAwait(false));
        }
        catch (Sora2ApiException e)
        {
            var continues = MayContinue(e) && !_schedule.IsTooLong(e.RetryAfter);
            WaitTelemetry.PollFailed(poller.Context.Telemetry, taskId, e, continues);
            if (!continues)
            {
                EndedBy(e);
                throw;
            }

            _pollFailure = e;
            return null;
        }
        catch (OperationCanceledException e)
        {
            throw EndedBy(cancellationToken.IsCancellationRequested ? Canceled(e) : TimedOut());
        }
        catch (Exception e)
        {
            EndedBy(e); // A disposed client, or an error of an adapter.
            throw;
        }
        finally
        {
            EndFirstPoll();
        }
    }

    private VideoTask Received(VideoTask response)
    {
        (_unknownInARow, _unclearErrorsInARow, _hasSeenJson, _pollFailure) = (0, 0, true, null);
        _withoutLinkInARow = response.Status == VideoTaskStatus.Succeeded ? _withoutLinkInARow + 1 : 0;
        _telemetry.Polled(poller.Context.Telemetry, _last, response);
        var task = WithProgressNotBelow(_last?.Progress, response);
        _last = task;
        if (task.IsFinal)
        {
            _telemetry.Completed(poller.Context.Telemetry, task);
        }

        return task;
    }

    private static VideoTask WithProgressNotBelow(double? reached, VideoTask task) =>
        reached is { } percent && !(task.Progress >= percent) ? task with { Progress = percent } : task;

    /// <summary>Whether the wait continues after a failed poll.</summary>
    private bool MayContinue(Sora2ApiException e)
    {
        // A first response that is a page comes from a wrong address as a rule, and ends the wait.
        _hasSeenJson |= PollErrors.IsJson(e);
        return e.IsTransient
            // A key that was just rotated must not end a wait for a paid task.
            || (e.Kind == Sora2ErrorKind.Authentication && poller.Context.Key.WasRotatedRecently(poller.Context.Clock))
            || (e.Kind == Sora2ErrorKind.TaskNotFound && ++_unknownInARow < UnknownTaskLimit)
            || (_hasSeenJson && PollErrors.IsUnclear(e) && ++_unclearErrorsInARow < UnclearErrorLimit);
    }

    private void ThrowIfOver()
    {
        if (_withoutLinkInARow == SuccessWithoutLinkLimit)
        {
            throw EndedBy(WaitErrors.WithoutLink(poller.Context, _last!, SuccessWithoutLinkLimit));
        }

        if (_schedule.IsOver)
        {
            throw EndedBy(TimedOut());
        }
    }

    private void CancelDelay()
    {
        if (poller.Timers.Remove(this))
        {
            _delay.SetException(EndedBy(Canceled(innerException: null)));
        }
    }

    private WaitCanceledException Canceled(Exception? innerException) =>
        new(poller.Context.Platform.Name, taskId, innerException, cancellationToken);

    private WaitTimeoutException TimedOut() =>
        WaitErrors.TimedOut(poller.Context, taskId, _schedule.Timeout, _schedule.Elapsed, _last, _pollFailure);

    /// <summary>Records what ended the wait before the task was completed.</summary>
    private Exception EndedBy(Exception e)
    {
        _telemetry.EndedBy(poller.Context.Telemetry, taskId, e);
        return e;
    }

    private void EndFirstPoll()
    {
        if (_isFirstPoll)
        {
            _isFirstPoll = false;
            poller.EndFirstPoll();
        }
    }

    private static void Report(VideoTask? task, IProgress<VideoTask>? progress)
    {
        if (task is null || progress is null)
        {
            return;
        }

        try
        {
            progress.Report(task);
        }
        catch (Exception e)
        {
            e.Data["Sora2.TaskId"] = task.Id; // The caller's error, which must not lose the id of a paid task.
            throw;
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _delay.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _delay.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _delay.OnCompleted(continuation, state, token, flags);
}
