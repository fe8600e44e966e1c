using System.Globalization;
using System.Threading.Tasks.Sources;

namespace Sora2.Sdk;

/// <summary>One wait for a task: what was learnt, when it asks next, and what ends it. Everything that is kept while nothing happens is in here.</summary>
internal sealed class TaskWait(TaskWatcher watcher, string taskId, WaitOptions? wait, CancellationToken cancellationToken) : IValueTaskSource, IDisposable
{
    /// <summary>Just after a create the platform may not know its own task yet; this many times in a row it does not.</summary>
    private const int UnknownTaskLimit = 3;

    /// <summary>A link follows its success within seconds or never.</summary>
    private const int SuccessWithoutLinkLimit = 10;

    /// <summary>So much of an answer that says nothing readable is quoted.</summary>
    private const int MaxUnread = 300;

    private PollPace _pace = new(wait, watcher.Options);
    private ManualResetValueTaskSourceCore<bool> _pause;
    private CancellationTokenRegistration _registration;
    private WaitObservation _observation;
    private VideoTask? _last;
    private Sora2ApiException? _failure;
    private int _unknownInARow;
    private int _withoutLinkInARow;

    /// <summary>The task; empty until one is accepted.</summary>
    public string TaskId { get; private set; } = taskId;

    /// <summary>Pace and patience.</summary>
    public WaitOptions? Options => _pace.Options;

    /// <summary>Whether the task was just accepted: what goes wrong from then on must not read as if it could be created again.</summary>
    public bool WasCreated { get; private set; }

    /// <summary>When the pause ends, on the poller's scale.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Tells waits apart that are due at once.</summary>
    public long Order { get; set; }

    /// <summary>Begins with a task that was just accepted.</summary>
    public void Accept(VideoTask created)
    {
        (TaskId, WasCreated, _last, _pace) = (created.Id, true, created, new PollPace(Options, watcher.Options));
        _observation.Begin(watcher.Telemetry, TaskId, wasCreated: true);
    }

    /// <summary>Tells that the task came to its end.</summary>
    public void Complete(VideoTask task) => _observation.Completed(watcher.Telemetry, task);

    /// <summary>Asks once.</summary>
    /// <returns>The answer, or null if there is none yet and the wait goes on.</returns>
    /// <exception cref="Sora2Exception">The wait is over.</exception>
    /// <exception cref="WaitCanceledException">The caller's token was cancelled.</exception>
    public async Task<VideoTask?> AskAsync()
    {
        _observation.Begin(watcher.Telemetry, TaskId);
        _observation.Enter();

        // Retries inside a question may run on past the end of the wait, but not for long.
        var left = _pace.Left(watcher.Options.QueryTimeout);
        using var patience = left == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(left, watcher.Options.TimeProvider);
        using var linked = patience is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var answer = await watcher.GetAsync(TaskId, isPoll: true, linked?.Token ?? cancellationToken).ConfigureAwait(false);
            (_unknownInARow, _failure) = (0, null);
            _observation.Answered(watcher.Telemetry, _last, answer);
            answer = _last?.Mentions is { } mentions ? answer with { Mentions = mentions } : answer;
            _last = NeverFalling(answer, _last?.Progress);
            _withoutLinkInARow = answer.Status == VideoTaskStatus.Succeeded ? _withoutLinkInARow + 1 : 0;
            if (_last.IsCompleted)
            {
                Complete(_last);
            }

            return _last;
        }
        catch (Sora2ApiException e)
        {
            var goesOn = MayPass(e) && !_pace.IsTooLong(e.RetryAfter);
            WaitObservation.PollFailed(watcher.Telemetry, TaskId, e, goesOn);
            if (!goesOn)
            {
                GivenUp(e);
                throw;
            }

            _failure = e;
            return null;
        }
        catch (OperationCanceledException e)
        {
            throw GivenUp(cancellationToken.IsCancellationRequested ? Cancelled(e) : TimedOut());
        }
        catch (Exception e)
        {
            GivenUp(e); // the caller's task store, or a client that was disposed
            throw;
        }
    }

    /// <summary>Ends a wait that asked often or long enough.</summary>
    /// <exception cref="WaitTimeoutException">Patience ran out.</exception>
    /// <exception cref="Sora2ApiException">The task succeeded and never has a link.</exception>
    public void ThrowIfOver()
    {
        if (_withoutLinkInARow == SuccessWithoutLinkLimit)
        {
            throw GivenUp(WithoutLink(_last!));
        }

        if (_pace.IsOver)
        {
            throw GivenUp(TimedOut());
        }
    }

    /// <summary>Waits until the next question is due, at the end of the wait at the latest. One pause at a time.</summary>
    /// <exception cref="WaitCanceledException">The caller's token was cancelled.</exception>
    public ValueTask PauseAsync()
    {
        var pause = _pace.Next(_failure?.RetryAfter, watcher.Chance);
        if (pause <= TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        _pause.Reset();
        watcher.Poller.Add(this, pause);
        _registration = cancellationToken.UnsafeRegister(static wait => ((TaskWait)wait!).Cancel(), this);
        return new ValueTask(this, _pause.Version);
    }

    /// <summary>The pause is over.</summary>
    public void Wake() => _pause.SetResult(true);

    /// <summary>The client was disposed.</summary>
    public void End() => _pause.SetException(GivenUp(new ObjectDisposedException(nameof(Sora2Client), $"The client was disposed while it waited for task {TaskId}, which goes on: wait for it with another client.")));

    /// <summary>Nobody waits any more, for whatever reason.</summary>
    public void Dispose() => _observation.Abandoned(watcher.Telemetry);

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _pause.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _pause.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _pause.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (watcher.Poller.Remove(this))
        {
            _pause.SetException(GivenUp(Cancelled(innerException: null)));
        }
    }

    private Exception GivenUp(Exception e)
    {
        _observation.GivenUp(watcher.Telemetry, TaskId, e);
        return e;
    }

    private bool MayPass(Sora2ApiException e) => e.IsTransient
        || (e.Kind == Sora2ErrorKind.Authentication && watcher.Key.IsNew(watcher.Options.TimeProvider)) // A wait for what is paid for is not lost over an exchange of keys.
        || (e.Kind == Sora2ErrorKind.TaskNotFound && ++_unknownInARow < UnknownTaskLimit);

    private static VideoTask NeverFalling(VideoTask task, double? reached) =>
        reached is { } percent && !(task.Progress >= percent) ? task with { Progress = percent } : task;

    private WaitCanceledException Cancelled(Exception? innerException) => new(watcher.Platform.Name, TaskId, innerException, cancellationToken);

    private Sora2ApiException WithoutLink(VideoTask task) => new(
        Sora2ErrorKind.UnreadableAnswer,
        $"{watcher.Platform.Title} says that task {task.Id} succeeded ({task.RawStatus}), {SuccessWithoutLinkLimit} times now, and gives no link to the video. Do not create it again: look at VideoTask.Raw, or ask the platform for the video of this task.")
    {
        Platform = watcher.Platform.Name,
        TaskId = task.Id,
        MayHaveBeenCharged = true,
        RawBody = watcher.Key.Mask(ErrorClassifier.RawBody(task.RawAnswer.Json, key: null)),
    };

    /// <summary>What the platform said instead of how far the task is, for the person who has to find out.</summary>
    private string Unread(VideoTask task) =>
        TaskAnswer.Notice(task) is { } words ? $"; it said: {OneLine.Of(watcher.Key.Mask(Redaction.Excerpt(words)), MaxUnread)}" : "";

    private WaitTimeoutException TimedOut()
    {
        var state = _last is null ? "it was never seen" : string.Create(CultureInfo.InvariantCulture, $"it was last {_last.Status}{(_last.RawStatus is null ? "" : $" ({_last.RawStatus})")}{(_last.Progress is { } percent ? $" at {percent:0.#}%" : "")}{(_last.Status == VideoTaskStatus.Succeeded ? " without a link to the video" : "")}{Unread(_last)}");
        return new WaitTimeoutException(
            $"Task {TaskId} on {watcher.Platform.Title} is not finished after {Seconds.Of(_pace.Timeout)} s: {state}. It has not failed and goes on; wait for it again with WaitAsync(\"{TaskId}\").{(_failure is null ? "" : " The last question failed: " + _failure.Message)}",
            watcher.Platform.Name, TaskId, _pace.Elapsed, _last, _failure);
    }
}
