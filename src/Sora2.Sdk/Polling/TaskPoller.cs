using Sora2.Sdk.Platforms;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Polling;

/// <summary>Queries tasks free of charge, and holds what all waits of one client share.</summary>
internal sealed class TaskPoller(ClientContext context, ApiClient api, TaskJournal? journal) : IDisposable
{
    /// <summary>How many waits may make their first poll at the same time; the others spread theirs over an interval.</summary>
    internal const int MaxFirstPolls = 64;

    private readonly Func<ApiResponse, VideoTask> _decode = context.Platform.DecodeTask;
    private int _firstPolls;

    public ClientContext Context => context;

    public TimerQueue Timers { get; } = new(context.Clock);

    /// <summary>Queries a task once, and records its end.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="known">The task as it was known, for what the platform does not say; null to look that up in the task store.</param>
    /// <param name="isPoll">Whether the query is repeated anyway: then it is not retried at once when the platform is busy.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task<VideoTask> GetAsync(string taskId, VideoTask? known, bool isPoll, CancellationToken cancellationToken)
    {
        var query = context.Platform.EncodeQuery(taskId);
        var task = await api.QueryAsync(query, _decode, taskId, isPoll, cancellationToken).ConfigureAwait(false);
        TaskRecord? record = null;
        if (task.IsFinal)
        {
            context.Tasks.Ended(taskId);
            record = journal is null ? null : await journal.EndedAsync(task, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            context.Tasks.Find(taskId)?.Slot?.Extend();
            record = journal is null || known is not null
                ? null
                : await journal.TryFindAsync(task, cancellationToken).ConfigureAwait(false);
        }

        known ??= record is null ? null : RecordedTask.From(record);
        return known is null ? task : task.WithRequestOf(known);
    }

    /// <summary>Marks a task as waited for in this process, so that resuming leaves it alone until <see cref="Release"/>.</summary>
    public void Hold(string taskId) => journal?.Hold(taskId);

    public void Release(string taskId) => journal?.Release(taskId);

    /// <summary>Whether a wait may make its first poll now; <see cref="EndFirstPoll"/> has to follow then.</summary>
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

    /// <summary>Ends all waits with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Timers.Dispose();
}
