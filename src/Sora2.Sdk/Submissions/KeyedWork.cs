using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>Finds what became of earlier creates with the key of a request, so that one key is one piece of work.</summary>
/// <param name="context">The client's shared parts.</param>
/// <param name="journal">Has the task store; null without one: then a key has no effect.</param>
/// <param name="drain">Ends the waits for other creates.</param>
internal sealed class KeyedWork(ClientContext context, TaskJournal? journal, SubmissionDrain drain)
{
    /// <summary>How often the record of a request that another process is sending is read.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TimeProvider Clock => context.Clock;

    /// <summary>Waits until no other create with this key is under way in this process.</summary>
    /// <returns>The turn, to be disposed after the outcome is written.</returns>
    public ValueTask<KeyTurns.Turn?> EnterAsync(PaidRequest request, CancellationToken cancellationToken) =>
        journal is null || request.Key is null
            ? default
            : new(WaitAsync(token => journal.Keys.EnterAsync(request.Key, token).AsTask(), cancellationToken));

    /// <summary>Returns the task of this key, or the number of the attempt that may begin.</summary>
    /// <exception cref="Sora2ValidationException">The key belongs to another request.</exception>
    /// <exception cref="SubmissionUnknownException">It is not known whether the last attempt was accepted.</exception>
    /// <exception cref="VideoTaskFailedException">The last attempt failed on the platform.</exception>
    public async Task<(VideoTask? Task, int Attempt)> FindAsync(PaidRequest request, CancellationToken cancellationToken)
    {
        if (journal is null || request.Key is not { } key)
        {
            return (null, 1);
        }

        var silence = new Silence(Clock);
        while (await journal.FindByKeyAsync(key, cancellationToken).ConfigureAwait(false) is { } record)
        {
            ThrowIfOther(record, request);
            var known = record is not { State: TaskRecordState.Submitting, TaskId: null } ? record
                : IntentOwner.IsAlive(record, Clock.GetUtcNow()) && !silence.IsTooLong(record) ? null
                : await journal.MarkLostAsync(record).ConfigureAwait(false);
            if (known is not null)
            {
                return known switch
                {
                    { State: TaskRecordState.Refused } => (null, known.Attempt + 1),
                    { State: TaskRecordState.Failed } => request.How.AgainIfFailed ? (null, known.Attempt + 1) : throw Failed(known),
                    { State: TaskRecordState.Unknown } or { TaskId: null } => request.How.AgainIfUnknown && known.TaskId is null
                        ? (null, known.Attempt + 1)
                        : throw SubmissionUnknownException.For(context.Platform, known),
                    _ => (ToTask(known, request), known.Attempt),
                };
            }

            await WaitAsync(
                async token =>
                {
                    await Task.Delay(Interval, Clock, token).ConfigureAwait(false);
                    return record;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return (null, 1);
    }

    /// <summary>Waits for another create; ends when the client is disposed or its host stops.</summary>
    private async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Stopping);
        try
        {
            return await wait(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw drain.StoppedException();
        }
    }

    private static void ThrowIfOther(TaskRecord record, PaidRequest request)
    {
        if (record.Fingerprint is not null && record.Fingerprint != request.Fingerprint)
        {
            throw new Sora2ValidationException(
                $"The key \"{request.Key}\" belongs to another request, recorded as {record.Id} at "
                + $"{record.CreatedAt:yyyy-MM-dd HH:mm:ss}Z: prompt, settings or images differ. Nothing was sent. "
                + "Use another key, or the request as it was.")
            {
                IsForEveryAccount = true,
            };
        }
    }

    private VideoTask ToTask(TaskRecord record, PaidRequest request)
    {
        var task = RecordedTask.From(record);
        var telemetry = context.Telemetry;
        telemetry.Log.KeyKnown(telemetry.Account, telemetry.SanitizeName(task.Id, task.Id, request.Texts)!);
        return task;
    }

    private static VideoTaskFailedException Failed(TaskRecord record)
    {
        var task = RecordedTask.From(record);
        return new VideoTaskFailedException(
            TaskFailureClassifier.Classify(task),
            $"Task {task.Id} of this key failed on {Sora2Platform.TitleOf(record.PlatformName)}: {record.Error} "
                + $"Nothing was sent; {nameof(IVideoClient.ResumeBatchAsync)} begins another attempt.",
            task)
        {
            ClientName = record.ClientName,
        };
    }

    /// <summary>How long the owner of an intent has been silent, whatever the clock of its machine shows.</summary>
    private struct Silence(TimeProvider clock)
    {
        private DateTimeOffset? _heartbeat;
        private long _since = clock.GetTimestamp();

        public bool IsTooLong(TaskRecord record)
        {
            if (record.HeartbeatAt != _heartbeat)
            {
                (_heartbeat, _since) = (record.HeartbeatAt, clock.GetTimestamp());
            }

            // A process that lives and is silent has given the request up: it could not write the outcome.
            return record.Owner != IntentOwner.This && clock.GetElapsedTime(_since) >= IntentOwner.MaxSilence;
        }
    }
}
