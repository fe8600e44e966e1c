using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks.Sources;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Polling;

/// <summary>One wait for a task: what was learnt, when it asks next, and what ends it. Everything that is kept while nothing happens is in here.</summary>
internal sealed class TaskWait(TaskPoller watcher, string taskId, WaitOptions? wait, CancellationToken cancellationToken) : IValueTaskSource, IDisposable
{
    /// <summary>Just after a create the platform may not know its own task yet; this many times in a row it does not.</summary>
    private const int UnknownTaskLimit = 3;

    /// <summary>
    /// How many errors in a row end a wait that say nothing about the task: a page of a gateway, or an error object without a status.
    /// </summary>
    private const int PassingErrorLimit = 10;

    /// <summary>A link follows its success within seconds or never.</summary>
    private const int SuccessWithoutLinkLimit = 10;

    /// <summary>How much of a response a message quotes, in characters.</summary>
    private const int MaxSaid = 500;

    private PollSchedule _pace = new(wait, watcher.Options);
    private ManualResetValueTaskSourceCore<bool> _pause;
    private CancellationTokenRegistration _registration;
    private WaitTelemetry _observation;
    private VideoTask? _last;
    private Sora2ApiException? _failure;
    private int _unknownInARow;
    private int _passingErrorsInARow;
    private int _withoutLinkInARow;
    private bool _hasSeenJson;
    private bool _isFirstPoll;
    private bool _isHeld;

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
        (TaskId, WasCreated, _last, _hasSeenJson, _pace) = (created.Id, true, created, true, new PollSchedule(Options, watcher.Options));
        _observation.Begin(watcher.Telemetry, TaskId, wasCreated: true);
        Hold();
    }

    /// <summary>
    /// Begins with a task that exists: it polls at once, but among many such waits the first poll is put off, by one interval at most.
    /// </summary>
    /// <exception cref="WaitCanceledException">The caller's token was cancelled.</exception>
    public ValueTask BeginAsync()
    {
        _observation.Begin(watcher.Telemetry, TaskId);
        Hold();
        _isFirstPoll = watcher.TryBeginFirstPoll();
        return _isFirstPoll ? ValueTask.CompletedTask : PauseAsync(_pace.First(watcher.JitterSource));
    }

    /// <summary>Tells that the task came to its end.</summary>
    public void Complete(VideoTask task) => _observation.Completed(watcher.Telemetry, task);

    /// <summary>Asks once.</summary>
    /// <returns>The answer, or null if there is none yet and the wait goes on.</returns>
    /// <exception cref="Sora2Exception">The wait is over.</exception>
    /// <exception cref="WaitCanceledException">The caller's token was cancelled.</exception>
    public async Task<VideoTask?> AskAsync()
    {
        _observation.Enter();
        _pace.Polling();

        // Retries inside a question may run on past the end of the wait, but not for long.
        var left = _pace.Left(watcher.Options.QueryTimeout);
        using var patience = left == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(left, watcher.Options.TimeProvider);
        using var linked = patience is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var answer = await watcher.GetAsync(TaskId, isPoll: true, linked?.Token ?? cancellationToken).ConfigureAwait(false);
            (_unknownInARow, _passingErrorsInARow, _hasSeenJson, _failure) = (0, 0, true, null);
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
            var goesOn = GoesOn(e) && !_pace.IsTooLong(e.RetryAfter);
            WaitTelemetry.PollFailed(watcher.Telemetry, TaskId, e, goesOn);
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
            GivenUp(e); // a client that was disposed, or an adapter's own error
            throw;
        }
        finally
        {
            EndFirstPoll();
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
    public ValueTask PauseAsync() => PauseAsync(_pace.Next(_failure?.RetryAfter, watcher.JitterSource));

    private ValueTask PauseAsync(TimeSpan pause)
    {
        if (pause <= TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        _pause.Reset();
        watcher.TimerQueue.Add(this, pause);
        _registration = cancellationToken.UnsafeRegister(static wait => ((TaskWait)wait!).Cancel(), this);
        return new ValueTask(this, _pause.Version);
    }

    /// <summary>The pause is over.</summary>
    public void Wake() => _pause.SetResult(true);

    /// <summary>The client was disposed.</summary>
    public void End() => _pause.SetException(GivenUp(new ObjectDisposedException(nameof(Sora2Client), $"The client was disposed while it waited for task {TaskId}, which goes on: wait for it with another client.")));

    /// <summary>Nobody waits any more, for whatever reason.</summary>
    public void Dispose()
    {
        _observation.Abandoned(watcher.Telemetry);
        EndFirstPoll();
        if (_isHeld)
        {
            _isHeld = false;
            watcher.Journal!.Release(TaskId);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _pause.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _pause.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _pause.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (watcher.TimerQueue.Remove(this))
        {
            _pause.SetException(GivenUp(Cancelled(innerException: null)));
        }
    }

    private Exception GivenUp(Exception e)
    {
        _observation.GivenUp(watcher.Telemetry, TaskId, e);
        return e;
    }

    /// <summary>Somebody waits for the task in this process: ResumeAsync leaves it alone.</summary>
    private void Hold()
    {
        if (watcher.Journal is { } journal && !_isHeld)
        {
            _isHeld = true;
            journal.Hold(TaskId);
        }
    }

    private void EndFirstPoll()
    {
        if (_isFirstPoll)
        {
            _isFirstPoll = false;
            watcher.EndFirstPoll();
        }
    }

    private bool GoesOn(Sora2ApiException e)
    {
        _hasSeenJson |= IsJson(e);
        return e.IsTransient
            // A wait for what is paid for is not lost over an exchange of keys.
            || (e.Kind == Sora2ErrorKind.Authentication && watcher.Key.WasRotatedRecently(watcher.Options.TimeProvider))
            || (e.Kind == Sora2ErrorKind.TaskNotFound && ++_unknownInARow < UnknownTaskLimit)
            || (_hasSeenJson && MayPass(e) && ++_passingErrorsInARow < PassingErrorLimit);
    }

    /// <summary>
    /// Whether an error may pass though it is not known to: it says nothing about the task, the key or the account. Only what the
    /// platform's API itself says ends a wait, and a first response that is a page,
    /// which is a wrong address as a rule.
    /// </summary>
    private static bool MayPass(Sora2ApiException e) => (int?)e.StatusCode switch
    {
        null or 401 or 402 => false,
        // The relay did not reach its upstream.
        400 or 422 => IsPage(e) || e.RawBody?.Contains("fail_to_fetch_task", StringComparison.Ordinal) == true,
        403 or 404 => !IsJson(e),
        _ => IsPage(e) || !IsAboutTheCall(e.Kind),
    };

    private static bool IsAboutTheCall(Sora2ErrorKind kind) => kind is
        Sora2ErrorKind.Authentication or Sora2ErrorKind.PermissionDenied or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.TaskNotFound;

    private static bool IsJson(Sora2ApiException e) => FirstLetter(e) is '{' or '[';

    private static bool IsPage(Sora2ApiException e) => FirstLetter(e) is '<';

    private static char FirstLetter(Sora2ApiException e) =>
        e.RawBody.AsSpan().TrimStart("\uFEFF \t\r\n") is [var first, ..] ? first : default;

    private static VideoTask NeverFalling(VideoTask task, double? reached) =>
        reached is { } percent && !(task.Progress >= percent) ? task with { Progress = percent } : task;

    private WaitCanceledException Cancelled(Exception? innerException) => new(watcher.Platform.Name, TaskId, innerException, cancellationToken);

    private Sora2ApiException WithoutLink(VideoTask task) => new(
        Sora2ErrorKind.UnreadableResponse,
        $"{watcher.Platform.Title} says that task {task.Id} succeeded ({task.RawStatus}), {SuccessWithoutLinkLimit} times now, and gives no link to the video. Do not create it again: look at VideoTask.Raw, or ask the platform for the video of this task.")
    {
        Platform = watcher.Platform.Name,
        TaskId = task.Id,
        IsTransient = false,
        MayHaveBeenCharged = true,
        RawBody = watcher.Key.Mask(ErrorClassifier.RawBody(task.RawResponse.Json, key: null)),
    };

    private WaitTimeoutException TimedOut()
    {
        var state = _last is null ? "it was never seen" : "it was last " + StateOf(_last);
        return new WaitTimeoutException(
            $"Task {TaskId} on {watcher.Platform.Title} is not finished after {DurationFormat.Seconds(_pace.Timeout)} s: {state}. "
            + $"It has not failed and goes on; wait for it again with WaitAsync(\"{TaskId}\").{(_failure is null ? "" : " The last poll failed: " + Said(_failure))}",
            watcher.Platform.Name, TaskId, _pace.Elapsed, _last, _failure);
    }

    private string StateOf(VideoTask task)
    {
        var word = task.RawStatus is null ? "" : $" ({task.RawStatus})";
        var reached = task.Progress is { } percent ? string.Create(CultureInfo.InvariantCulture, $" at {percent:0.#}%") : "";
        return task.Status + word + reached + task.Status switch
        {
            VideoTaskStatus.Succeeded => " without a link to the video",
            _ => "",
        } + Unread(task);
    }

    /// <summary>
    /// What a poll failed of, in the platform's own words where there are any: what an error advises for a create does not apply to a task
    /// that exists.
    /// </summary>
    private string Said(Sora2ApiException e)
    {
        var words = IsJson(e) ? ErrorText.Parse(System.Text.Encoding.UTF8.GetBytes(e.RawBody!)).Message : null;
        return words is null ? e.Message : watcher.Key.Mask(MessageText.EnsurePeriod(LogSanitizer.SingleLine(words, MaxSaid)));
    }

    /// <summary>What the last response said in place of a status: an error, that it is about another task, or else its fields.</summary>
    private string Unread(VideoTask task) =>
        task.RawResponse.Json.IsEmpty ? ""
        : PolledTask.Notice(task) is { } said ? $"; the platform says \"{watcher.Key.Mask(LogSanitizer.SingleLine(Redaction.Excerpt(said), MaxSaid))}\""
        : task.RawStatus is null && Fields(task.Raw) is { } fields ? $"; the last response has {watcher.Key.Mask(LogSanitizer.SingleLine(fields, MaxSaid))}"
        : "";

    /// <summary>The fields of a response with their values, where these are short: long ones may be the prompt.</summary>
    private static string? Fields(JsonElement response)
    {
        const int Short = 40;
        if (response.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var fields = string.Join(", ", response.EnumerateObject()
            .Select(field => IsShort(field) ? $"{field.Name} = {field.Value.GetRawText()}" : field.Name));
        return fields.Length > 0 ? fields : null;

        static bool IsShort(JsonProperty field) => field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
            && field.Value.GetRawText().Length <= Short
            && !field.Name.Contains("prompt", StringComparison.OrdinalIgnoreCase);
    }
}
