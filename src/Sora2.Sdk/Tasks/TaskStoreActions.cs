using System.Runtime.CompilerServices;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>What every store does in the same way.</summary>
internal static class TaskStoreActions
{
    private static readonly TaskRecordState[] Ended = [TaskRecordState.Refused, TaskRecordState.Failed, TaskRecordState.Downloaded];

    /// <inheritdoc cref="ITaskStore.PruneAsync"/>
    public static async Task<int> PruneAsync(
        ITaskStore store, TimeSpan age, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        var limit = (timeProvider ?? TimeProvider.System).GetUtcNow() - age;
        var removed = 0;
        var filter = new TaskRecordFilter { States = [.. Ended, TaskRecordState.Completed] };
        await foreach (var record in store.ListValidAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            if ((record.Kind == TaskRecordKind.Character || Ended.Contains(record.State))
                && record.UpdatedAt <= limit
                && await store.RemoveAsync(record.Id, cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        return removed;
    }

    /// <inheritdoc cref="ITaskStore.ResolveAsync"/>
    public static async Task<TaskRecord> ResolveAsync(
        ITaskStore store, TaskRecord record, TaskHandle? accepted, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var now = (timeProvider ?? TimeProvider.System).GetUtcNow();
        if (record is not { State: TaskRecordState.Unknown or TaskRecordState.Submitting })
        {
            throw Refusal($"its outcome is known: it is {record.State}.");
        }

        if (IntentOwner.IsAlive(record, now))
        {
            throw Refusal("its request is being sent. Wait for its outcome.");
        }

        if (accepted is not null)
        {
            TaskIdValidator.Check(accepted.Id, nameof(accepted));
            if (accepted.PlatformName is { } platform
                && (platform != record.PlatformName || (accepted.ClientName ?? "") != record.ClientName))
            {
                throw Refusal(
                    $"the task {LogSanitizer.SingleLine(accepted.ToString())} is of another account. Pass the task that it became.");
            }
        }

        var resolved = record with
        {
            State = accepted is null ? TaskRecordState.Refused
                : record.Kind == TaskRecordKind.Character ? TaskRecordState.Completed
                : TaskRecordState.Running,
            TaskId = accepted?.Id,
            UpdatedAt = now,
            Error = accepted is null ? "Resolved as not accepted." : null,
        };
        return await store.TryUpdateAsync(resolved, record, cancellationToken).ConfigureAwait(false)
            ? resolved
            : throw Refusal("it changed after it was read. Read it again.");

        Sora2ValidationException Refusal(string why) => new($"Record {LogSanitizer.SingleLine(record.Id)} cannot be resolved: {why}");
    }

    /// <summary>Returns the records of a store, which may be the caller's own.</summary>
    /// <exception cref="StorageException">The list or a record in it is null, or a record has no id or platform.</exception>
    public static async IAsyncEnumerable<TaskRecord> ListValidAsync(
        this ITaskStore store, TaskRecordFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = store.ListAsync(filter, cancellationToken)
            ?? throw Broken("returned null. It has to return an empty sequence if there are no records");
        await foreach (var record in records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return record is { Id: not null, PlatformName: not null }
                ? record
                : throw Broken($"returned a record that is null, or has no {nameof(TaskRecord.Id)} or {nameof(TaskRecord.PlatformName)}");
        }

        StorageException Broken(string how) => new(
            $"The task store {store.GetType().Name} breaks its contract: {nameof(ITaskStore.ListAsync)} {how}.");
    }
}
