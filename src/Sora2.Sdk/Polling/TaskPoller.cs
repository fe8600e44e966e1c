using System.Runtime.CompilerServices;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Polling;

/// <summary>Asks for tasks, once or until they are completed. All time comes from the options' clock.</summary>
internal sealed class TaskPoller(ClientContext context, ApiClient api, SubmissionPipeline submissions, TaskJournal? journal) : IDisposable
{
    /// <summary>
    /// How many waits may make their first poll at the same time. Whoever resumes thousands of tasks does not ask for all of them at once.
    /// </summary>
    internal const int MaxFirstPolls = 64;

    private readonly Func<ApiResponse, VideoTask> _decode = context.Platform.DecodeTask;
    private int _firstPolls;

    public Sora2Platform Platform => context.Platform;

    public ApiKey Key => context.Key;

    public TaskJournal? Journal => journal;

    public Sora2ClientOptions Options => context.Options;

    public ClientTelemetry Telemetry => context.Telemetry;

    public JitterSource JitterSource => context.Jitter;

    public TimerQueue TimerQueue { get; } = new(context.Clock);

    /// <summary>Refuses a pace or patience that cannot be.</summary>
    public static void Check(WaitOptions? wait)
    {
        if (wait?.PollInterval is { } interval && !Sora2ClientOptionsValidation.IsPollInterval(interval))
        {
            throw new Sora2ValidationException($"WaitOptions.PollInterval is {interval}; it has to be 1 ms to 1 h.");
        }

        if (wait?.Timeout is { } timeout && timeout != TimeSpan.Zero && !Sora2ClientOptionsValidation.IsDuration(timeout, mayBeInfinite: true))
        {
            throw new Sora2ValidationException($"WaitOptions.Timeout is {timeout}; it has to be zero (ask once) to 24 days, or Timeout.InfiniteTimeSpan.");
        }
    }

    /// <summary>Whether a wait may make its first poll now; then <see cref="EndFirstPoll"/> has to follow.</summary>
    public bool TryBeginFirstPoll()
    {
        if (Interlocked.Increment(ref _firstPolls) <= MaxFirstPolls)
        {
            return true;
        }

        EndFirstPoll();
        return false;
    }

    public void EndFirstPoll() => Interlocked.Decrement(ref _firstPolls);

    /// <summary>Asks once.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="isPoll">Whether it is asked again anyway: then not at once when the platform is busy.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<VideoTask> GetAsync(string taskId, bool isPoll, CancellationToken cancellationToken)
    {
        var task = await api.QueryAsync(context.Platform.EncodeQuery(taskId), _decode, taskId, isPoll, cancellationToken).ConfigureAwait(false);
        if (task.IsCompleted)
        {
            submissions.Ended(taskId);
            if (journal is not null)
            {
                await journal.EndedAsync(task, cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            submissions.Running(taskId);
        }

        return task;
    }

    /// <summary>The answers about a task as they come, the last one final.</summary>
    public async IAsyncEnumerable<VideoTask> WatchAsync(string taskId, WaitOptions? wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(wait);
        using var watch = new TaskWait(this, taskId, wait, cancellationToken);
        await watch.BeginAsync().ConfigureAwait(false);
        while (true)
        {
            if (await watch.AskAsync().ConfigureAwait(false) is { } answer)
            {
                yield return answer;
                if (answer.IsCompleted)
                {
                    yield break;
                }
            }

            watch.ThrowIfOver();
            await watch.PauseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The task at its good end. Does not go through <see cref="WatchAsync"/>: what an iterator keeps between two questions is twice as much.</summary>
    /// <param name="watch">The wait.</param>
    /// <param name="create">Creates the task or gives one that was just accepted: it is reported first, and there is a pause before the first question. Null asks at once.</param>
    /// <param name="progress">Told of every answer.</param>
    public async Task<VideoTask> WaitAsync(TaskWait watch, Func<Task<VideoTask>>? create, IProgress<VideoTask>? progress)
    {
        Check(watch.Options); // before money is spent
        using var _ = watch;
        try
        {
            if (create is null)
            {
                await watch.BeginAsync().ConfigureAwait(false);
            }
            else
            {
                var created = await create().ConfigureAwait(false);
                create = null; // A request may hold images; the wait needs neither.
                watch.Accept(created);
                Report(created, progress);
                if (created.IsCompleted)
                {
                    watch.Complete(created);
                    return Good(created);
                }

                await watch.PauseAsync().ConfigureAwait(false);
            }

            while (true)
            {
                if (await watch.AskAsync().ConfigureAwait(false) is { } answer)
                {
                    Report(answer, progress);
                    if (answer.IsCompleted)
                    {
                        return Good(answer);
                    }
                }

                watch.ThrowIfOver();
                await watch.PauseAsync().ConfigureAwait(false);
            }
        }
        catch (Sora2ApiException e) when (watch.WasCreated)
        {
            throw e.AfterAcceptance();
        }
        catch (ObjectDisposedException e)
        {
            e.Data["Sora2.TaskId"] = watch.TaskId; // A slip, but the id of a paid task is not lost over it.
            throw;
        }
    }

    /// <summary>Ends all waits.</summary>
    public void Dispose() => TimerQueue.Dispose();

    private static void Report(VideoTask task, IProgress<VideoTask>? progress)
    {
        try
        {
            progress?.Report(task);
        }
        catch (Exception e)
        {
            e.Data["Sora2.TaskId"] = task.Id; // The caller's own fault, but the id of a paid task is not lost over it.
            throw;
        }
    }

    private VideoTask Good(VideoTask task) => task.Status != VideoTaskStatus.Failed ? task : throw new VideoTaskFailedException(
        PolledTask.KindOfFailure(task),
        $"{context.Platform.Title} gave up task {task.Id}: {Redaction.Excerpt(task.FailureReason) ?? ErrorText.Parse(task.RawResponse.Json).CodeReason ?? $"it says \"{task.RawStatus}\" and no reason."}",
        task);
}
