using System.Runtime.CompilerServices;
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

    /// <summary>How many files a list reads before others get their turn.</summary>
    private const int ReadAtOnce = 64;

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

    /// <inheritdoc />
    /// <remarks>With images, a record has up to 32 MB.</remarks>
    public bool KeepsImages { get; init; }

    /// <summary>Returns the directory.</summary>
    public override string ToString() => $"FileTaskStore ({LogSanitizer.Path(_records.Path)})";

    /// <inheritdoc />
    /// <exception cref="StorageException">
    /// The record cannot be written, another program holds the lock, or a file that is not a record has its name.
    /// </exception>
    public Task<TaskRecord> TryAddAsync(TaskRecord record, CancellationToken cancellationToken = default) => WriteAsync(
        CreateDirectoryFor(record), () => TryAdd(record), otherwise: record, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="StorageException">
    /// The record cannot be written, another program holds the lock, or a file that is not a record has its name.
    /// </exception>
    public Task UpdateAsync(TaskRecord record, CancellationToken cancellationToken = default) => WriteAsync(
        CreateDirectoryFor(record), () => Write(record), otherwise: false, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="StorageException">The record cannot be written, or another program holds the lock.</exception>
    public Task<bool> TryUpdateAsync(TaskRecord record, TaskRecord read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        return WriteAsync(
            CreateDirectoryFor(record),
            () => read.IsUnchanged(_records.Read(record.Id)) && Write(record),
            otherwise: false,
            cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="StorageException">The directory cannot be read.</exception>
    public Task<TaskRecord?> FindAsync(TaskHandle task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return ReadAsync(() => WithOwner(_records.Find(task)), cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="StorageException">The directory cannot be read.</exception>
    public Task<TaskRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ReadAsync(() => WithOwner(_records.Find(key)), cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// A file that cannot be read as a record is returned as an <see cref="TaskRecordState.Unknown"/> record whose error says so, with the
    /// task's id if one is legible; the file stays as it is until the record is removed. JSON that is something else is skipped.
    /// </remarks>
    /// <exception cref="StorageException">The directory cannot be read.</exception>
    public async IAsyncEnumerable<TaskRecord> ListAsync(
        TaskRecordFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        filter ??= new TaskRecordFilter();
        var left = filter.Limit ?? int.MaxValue;
        var ids = await ReadAsync(_records.Ids, cancellationToken).ConfigureAwait(false);
        foreach (var chunk in ids.Where(id => filter.AfterId is null || string.CompareOrdinal(id, filter.AfterId) > 0).Chunk(ReadAtOnce))
        {
            var records = await ReadAsync(
                () => chunk.Select(_records.Read).OfType<TaskRecord>().Where(filter.Matches).Select(WithOwner).ToList(),
                cancellationToken).ConfigureAwait(false);
            foreach (var record in records)
            {
                if (left-- <= 0)
                {
                    yield break;
                }

                yield return record!;
            }
        }
    }

    /// <inheritdoc />
    /// <exception cref="StorageException">The record cannot be removed, or another program holds the lock.</exception>
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) => WriteAsync(
        () => TaskRecordDirectory.IsId(id) && Directory.Exists(_records.Path), () => Remove(id), otherwise: false, cancellationToken);

    /// <inheritdoc />
    public Task<int> PruneAsync(TimeSpan age, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        TaskStoreActions.PruneAsync(this, age, timeProvider ?? TimeProvider, cancellationToken);

    /// <inheritdoc />
    public Task<TaskRecord> ResolveAsync(
        TaskRecord record, TaskHandle? accepted, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        TaskStoreActions.ResolveAsync(this, record, accepted, timeProvider ?? TimeProvider, cancellationToken);

    /// <summary>Closes the store. Requests that are being sent through it then count as lost when their records are resumed.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isDisposed = true;
        _sendLocks.Dispose();
        _turn.Release();
    }

    /// <summary>Adds whether the owner of an intent holds its lock.</summary>
    private TaskRecord? WithOwner(TaskRecord? record) => record is { State: TaskRecordState.Submitting }
        ? record with { IsOwnerAlive = _sendLocks.IsHeld(record.Id) }
        : record;

    private TaskRecord TryAdd(TaskRecord record)
    {
        if (record.Key is { } key && _records.Find(key) is { } existing && existing.Attempt >= record.Attempt && existing.Id != record.Id)
        {
            return WithOwner(existing)!;
        }

        _records.ThrowIfTaken(record.Id);
        if (record.State != TaskRecordState.Submitting)
        {
            _records.Write(record);
            return record;
        }

        _sendLocks.Acquire(record.Id);
        var isAdded = false;
        try
        {
            _records.Write(record);
            isAdded = true;
            return record;
        }
        finally
        {
            if (!isAdded)
            {
                _sendLocks.Release(record.Id); // An intent that was not written is not sent.
            }
        }
    }

    private bool Write(TaskRecord record)
    {
        _records.ThrowIfTaken(record.Id);
        _records.Write(record);
        if (record.State != TaskRecordState.Submitting)
        {
            _sendLocks.Release(record.Id);
        }

        return true;
    }

    private bool Remove(string id)
    {
        if (!_records.Delete(id))
        {
            return false;
        }

        _sendLocks.Release(id);
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
        _sendLocks.RemoveAbandoned(id => TaskRecordDirectory.IsId(id)
            && (_records.Read(id) is { } record ? record.State != TaskRecordState.Submitting : TaskRecordFile.IsOwnName(id)));
        _isClean = true;
    }

    /// <summary>Checks a record before anything is done, and returns what prepares the directory.</summary>
    private Func<bool> CreateDirectoryFor(TaskRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return TaskRecordDirectory.IsId(record.Id)
            ? () => Directory.CreateDirectory(_records.Path).Exists
            : throw new ArgumentException($"\"{LogSanitizer.SingleLine(record.Id)}\" is not a valid file name.", nameof(record));
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
            throw new StorageException($"The task store in \"{_records.Path}\" cannot be used: {reason}", e) { Path = _records.Path };
        }
        finally
        {
            _turn.Release();
        }
    }
}
