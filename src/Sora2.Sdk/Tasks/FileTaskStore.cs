using Sora2.Sdk.Common;
using Sora2.Sdk.Tasks;

namespace Sora2.Sdk;

/// <summary>Stores tasks in a directory, one readable JSON file per task.</summary>
/// <remarks>
/// <para>
/// Each change is written to a new file and replaces the old one once it is on the disk, so that a crash at any byte leaves the old content
/// or the new one. Files that are not records are left alone. Thread-safe; one store may serve several clients.
/// </para>
/// <para>
/// Any number of stores and programs may use one directory and see each other's records. A lock file in it
/// (<c>.sora2-tasks.lock</c>, which stays) lets one of them write at a time. Reading takes no lock, so that records can be read from a
/// directory that is read-only. While a request is being sent, a file with the extension <c>.sending</c> shows that to the other programs.
/// </para>
/// </remarks>
public sealed class FileTaskStore : ITaskStore, IDisposable
{
    private const string LockName = ".sora2-tasks.lock";

    private readonly TaskRecordDirectory _records;
    private readonly SendLocks _sendLocks;
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isClean;
    private bool _isDisposed;

    /// <summary>Creates a store in a directory. Nothing is read or written yet.</summary>
    /// <param name="directory">The directory; created with the first record if it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="Sora2ValidationException">The path contains a NUL.</exception>
    public FileTaskStore(string directory)
    {
        if (string.IsNullOrWhiteSpace(directory))
        {
            throw new ArgumentException("A directory is required.", nameof(directory));
        }

        _records = new TaskRecordDirectory(AtomicFile.FullPath(directory));
        _sendLocks = new SendLocks(_records.Path);
    }

    /// <summary>The maximum time to wait for the lock while another store or program writes.</summary>
    /// <value>10 s by default; a write holds the lock for milliseconds.</value>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for <see cref="LockTimeout"/>.</summary>
    /// <value>The system clock by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Returns the directory.</summary>
    public override string ToString() => $"FileTaskStore ({LogSanitizer.Path(_records.Path)})";

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">
    /// The record cannot be written, another program holds the lock, or a file that is not a record has its name.
    /// </exception>
    public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return TaskRecordDirectory.IsKey(record.Key)
            ? WriteAsync(() => Directory.CreateDirectory(_records.Path).Exists, () => Save(record), otherwise: false, cancellationToken)
            : throw new ArgumentException($"\"{LogSanitizer.SingleLine(record.Key)}\" is not a valid file name.", nameof(record));
    }

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">The directory cannot be read.</exception>
    public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) =>
        ReadAsync(() => _records.Find(platform, taskId), cancellationToken);

    /// <inheritdoc />
    /// <remarks>
    /// A file that cannot be read as a record is returned as an <see cref="TaskRecordState.Unknown"/> record whose error says so, with the
    /// task's id if one is legible; the file stays as it is until the record is removed. JSON that is something else is skipped.
    /// </remarks>
    /// <exception cref="Sora2Exception">The directory cannot be read.</exception>
    public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(_records.ReadAll, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">The record cannot be removed, or another program holds the lock.</exception>
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => WriteAsync(
        () => TaskRecordDirectory.IsKey(key) && Directory.Exists(_records.Path), () => Remove(key), otherwise: false, cancellationToken);

    /// <summary>Closes the store. Requests that are being sent through it then count as lost when their records are resumed.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isDisposed = true;
        _sendLocks.Dispose();
        _turn.Release();
    }

    /// <summary>Whether another store, of this process or another one, is sending the request of an intent.</summary>
    internal Task<bool> IsSentElsewhereAsync(string key, CancellationToken cancellationToken) =>
        ReadAsync(() => TaskRecordDirectory.IsKey(key) && _sendLocks.IsHeldElsewhere(key), cancellationToken);

    /// <summary>Records that an intent was lost, unless its outcome was written after it was read.</summary>
    /// <returns>The record as it is now.</returns>
    internal Task<TaskRecord> MarkLostAsync(TaskRecord lost) => WriteAsync(
        () => true,
        () =>
        {
            if (_records.Read(lost.Key) is { } now and not { State: TaskRecordState.Submitting, TaskId: null })
            {
                return now;
            }

            Save(lost);
            return lost;
        },
        otherwise: lost,
        CancellationToken.None);

    private bool Save(TaskRecord record)
    {
        _records.ThrowIfTaken(record.Key);
        var isIntent = record.State == TaskRecordState.Submitting;
        if (isIntent)
        {
            _sendLocks.Acquire(record.Key);
        }

        var isSaved = false;
        try
        {
            _records.Write(record);
            isSaved = true;
        }
        finally
        {
            // An intent that was not written is not sent.
            if (isSaved != isIntent)
            {
                _sendLocks.Release(record.Key);
            }
        }

        return true;
    }

    private bool Remove(string key)
    {
        if (!_records.Delete(key))
        {
            return false;
        }

        _sendLocks.Release(key);
        return true;
    }

    /// <summary>Removes unfinished files and send locks that a crash left. Called under the lock: no other program is writing.</summary>
    private void CleanUp()
    {
        if (_isClean)
        {
            return;
        }

        _records.DeleteUnfinished();
        _sendLocks.RemoveAbandoned(key => TaskRecordDirectory.IsKey(key)
            && (_records.Read(key) is { } record ? record.State != TaskRecordState.Submitting : TaskRecordFile.IsOwnName(key)));
        _isClean = true;
    }

    private Task<T> WriteAsync<T>(Func<bool> isNeeded, Func<T> change, T otherwise, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (!isNeeded())
            {
                return otherwise;
            }

            if (!_isClean)
            {
                _records.Refresh(); // before the lock, since it takes time in a large directory
            }

            var path = Path.Combine(_records.Path, LockName);
            using var _ = await FileLock.AcquireAsync(path, LockTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
            CleanUp();
            return change();
        },
        cancellationToken);

    private Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancellationToken) =>
        InTurnAsync(() => Task.FromResult(read()), cancellationToken);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // Disk I/O would block the caller's thread, which may be a UI thread or the one that wakes all waits.
            return await Task.Run(action, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is IOException io && FileLock.IsTaken(io)
                ? $"another program has held its lock, {LockName}, for {DurationFormat.Seconds(LockTimeout)} s. Retry when it has finished."
                : MessageText.EnsurePeriod(e.Message);
            throw new Sora2Exception(Sora2ErrorKind.Storage, $"The task store in \"{_records.Path}\" cannot be used: {reason}", e);
        }
        finally
        {
            _turn.Release();
        }
    }
}
