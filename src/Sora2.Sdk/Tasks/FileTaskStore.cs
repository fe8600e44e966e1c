using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Sora2.Sdk.Common;
using Sora2.Sdk.Tasks;

namespace Sora2.Sdk;

/// <summary>
/// Remembers tasks in a directory, one JSON file a task that a person can read. Each change is a new file that takes the old one's name
/// once it is on the disk, so that a crash at any byte leaves the old or the new. Any number of stores and programs may use one directory
/// and see each other's records; a lock in it (<c>.sora2-tasks.lock</c>, which stays) lets one at a time change something. Files that are
/// no records are left alone. Thread-safe; one store may serve several clients.
/// </summary>
/// <remarks>
/// Reading takes no lock, so that records can be read where nothing may be written. While a request is being sent, a file with the ending
/// <c>.sending</c> tells the other programs so.
/// </remarks>
public sealed class FileTaskStore : ITaskStore, IDisposable
{
    private const string LockName = ".sora2-tasks.lock";
    private const string Sending = ".sending";
    private const int MaxKeyLength = 200;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|");

    private readonly string _directory;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Where a task was last; read again before it is given to anybody.</summary>
    private readonly TaskIndex _index = new();
    private readonly Dictionary<string, (DateTime Written, long Length)> _seen = new(StringComparer.Ordinal);

    /// <summary>Locks of the intents that are being sent through this store.</summary>
    private readonly Dictionary<string, SafeFileHandle> _sending = new(StringComparer.Ordinal);
    private bool _isTidy;
    private bool _isDisposed;

    /// <summary>A store in a directory. Nothing is read or written yet.</summary>
    /// <param name="directory">The directory; made with the first record if it is missing.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    /// <exception cref="Sora2ValidationException">It holds a NUL.</exception>
    public FileTaskStore(string directory)
    {
        if (string.IsNullOrWhiteSpace(directory))
        {
            throw new ArgumentException("A directory is needed.", nameof(directory));
        }

        _directory = AtomicFile.FullPath(directory);
    }

    /// <summary>How long to wait while another store or program changes something.</summary>
    /// <value>10 s by default; each needs the lock for milliseconds.</value>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for that wait.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The directory.</summary>
    public override string ToString() => $"FileTaskStore ({LogSanitizer.Path(_directory)})";

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">
    /// It cannot be written, another program keeps the lock, or a file that is no record has its name.
    /// </exception>
    public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return IsKey(record.Key)
            ? InTurnAsync(() => Directory.CreateDirectory(_directory).Exists, () => Save(record), orElse: false, cancellationToken)
            : throw new ArgumentException($"\"{LogSanitizer.SingleLine(record.Key)}\" cannot be a file's name.", nameof(record));
    }

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">The directory cannot be read.</exception>
    public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) => InTurnAsync(
        () =>
        {
            if (Find(platform, taskId) is { } known)
            {
                return known;
            }

            LookForChanges();
            return Find(platform, taskId);
        },
        cancellationToken);

    /// <inheritdoc />
    /// <remarks>
    /// A file that cannot be read as a record is an <see cref="TaskRecordState.Unknown"/> record that says so, with the task's id where one
    /// can be made out; it stays as it is until it is removed. JSON that is something else is left out.
    /// </remarks>
    /// <exception cref="Sora2Exception">The directory cannot be read.</exception>
    public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) => InTurnAsync<IReadOnlyList<TaskRecord>>(
        () =>
        {
            _index.Clear();
            _seen.Clear();
            return [.. Files().Select(Look).OfType<TaskRecord>().OrderBy(record => record.Key, StringComparer.Ordinal)];
        },
        cancellationToken);

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">It cannot be removed, or another program keeps the lock.</exception>
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        InTurnAsync(() => IsKey(key) && Directory.Exists(_directory), () => Remove(key), orElse: false, cancellationToken);

    /// <summary>Ends the use of the store. What is being sent through it then counts as lost for whoever resumes.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isDisposed = true;
        foreach (var sending in _sending.Values)
        {
            sending.Dispose();
        }

        _sending.Clear();
        _turn.Release();
    }

    /// <summary>Whether another store, of this process or another one, is sending what an intent is of.</summary>
    internal Task<bool> IsSentElsewhereAsync(string key, CancellationToken cancellationToken) => InTurnAsync(
        () => IsKey(key) && !_sending.ContainsKey(key) && !TryRemoveLeft(SendingPathOf(key)), cancellationToken);

    /// <summary>Saves that an intent was lost, unless its outcome has come since it was read.</summary>
    /// <returns>The record as it is now.</returns>
    internal Task<TaskRecord> MarkLostAsync(TaskRecord lost) => InTurnAsync(
        () => true,
        () =>
        {
            if (TaskRecordFile.Read(PathOf(lost.Key), lost.Key) is { } now and not { State: TaskRecordState.Submitting, TaskId: null })
            {
                return now;
            }

            Save(lost);
            return lost;
        },
        orElse: lost,
        CancellationToken.None);

    /// <summary>Removes the lock of a send that its process did not live to end.</summary>
    /// <returns>False if somebody holds it.</returns>
    private static bool TryRemoveLeft(string path)
    {
        if (!File.Exists(path) || SpecialFile.Describe(path) is not null)
        {
            return true; // none, or nobody's lock: a pipe would be waited for
        }

        try
        {
            // To be written, since some network file systems lock nothing that is only read.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: AtomicFile.ReadOnlyFileSystem })
        {
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException io && FileLock.IsTaken(io)))
        {
            return false; // somebody's; of another user perhaps
        }
    }

    private static bool IsKey(string? key) =>
        key is { Length: > 0 and <= MaxKeyLength } && key[0] != '.' && !key.AsSpan().ContainsAny(NotInNames) && !key.Any(char.IsControl);

    private bool Save(TaskRecord record)
    {
        var path = PathOf(record.Key);
        if (File.Exists(path))
        {
            // Another program's file, or on a file system that does not tell cases apart another record.
            if (TaskRecordFile.Read(path, record.Key) is not { } there)
            {
                throw new IOException($"\"{path}\" is there already and is no record of a task. Give the store a directory of its own.");
            }

            if (there.Key != record.Key)
            {
                throw new IOException($"\"{path}\" is the record of {LogSanitizer.SingleLine(there.Key)}, and file systems may not tell upper and lower case apart. Choose another key.");
            }
        }

        var isIntent = record.State == TaskRecordState.Submitting;
        if (isIntent && !_sending.ContainsKey(record.Key))
        {
            _sending.Add(record.Key, FileLock.Acquire(SendingPathOf(record.Key)));
        }

        var isSaved = false;
        try
        {
            AtomicFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(record, TaskRecordJsonContext.Readable.TaskRecord));
            isSaved = true;
        }
        finally
        {
            // Of an intent that was not written nothing is sent.
            if (isSaved != isIntent)
            {
                NotSending(record.Key);
            }
        }

        _index.Set(record, record.Key);
        return true;
    }

    private bool Remove(string key)
    {
        var path = PathOf(key);
        if (TaskRecordFile.Read(path, key) is null)
        {
            return false;
        }

        File.Delete(path);
        Forget(key);
        NotSending(key);
        return true;
    }

    private TaskRecord? Find(string platform, string taskId)
    {
        TaskRecord? found = null;
        foreach (var key in _index.KeysOf(platform, taskId))
        {
            if (Look(new FileInfo(PathOf(key))) is { } record && record.Platform == platform && record.TaskId == taskId
                && (found is null || record.State != TaskRecordState.Unknown)) // which a damaged copy is
            {
                found = record;
            }
        }

        return found;
    }

    /// <summary>Reads the files that came, changed or went since somebody looked.</summary>
    private void LookForChanges()
    {
        var gone = _seen.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            var key = Path.GetFileNameWithoutExtension(file.Name);
            gone.Remove(key);
            if (!_seen.TryGetValue(key, out var seen) || seen != StampOf(file) || file.LinkTarget is not null)
            {
                Look(file);
            }
        }

        foreach (var key in gone)
        {
            Forget(key);
        }
    }

    private TaskRecord? Look(FileInfo file)
    {
        var key = Path.GetFileNameWithoutExtension(file.Name);
        var stamp = StampOf(file); // Before it is read: what is written meanwhile is read again.
        var record = TaskRecordFile.Read(file.FullName, key);
        if (record is null)
        {
            Forget(key);
        }
        else
        {
            _index.Set(record, key);
        }

        _seen[key] = stamp;
        return record is null || record.Key == key ? record : record with { Key = key }; // the name is what it is removed by
    }

    private void Forget(string key)
    {
        _index.Remove(key);
        _seen.Remove(key);
    }

    private static (DateTime, long) StampOf(FileInfo file)
    {
        try
        {
            return (file.LastWriteTimeUtc, file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default; // gone meanwhile
        }
    }

    private IEnumerable<FileInfo> Files() => Directory.Exists(_directory)
        ? new DirectoryInfo(_directory).EnumerateFiles("*" + TaskRecordFile.Extension).Where(file => IsKey(Path.GetFileNameWithoutExtension(file.Name)))
        : [];

    private void NotSending(string key)
    {
        if (_sending.Remove(key, out var sending))
        {
            sending.Dispose();
        }
    }

    /// <summary>
    /// Removes what a crash left: new content that did not get to its place, and locks of sends. Under the lock nobody is writing any.
    /// </summary>
    private void Tidy()
    {
        if (_isTidy)
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(_directory, "*" + TaskRecordFile.Extension + AtomicFile.Unfinished))
        {
            var key = Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(path));
            if (TaskRecordFile.IsOwnName(key) || _index.Has(key))
            {
                File.Delete(path);
            }
        }

        foreach (var path in Directory.EnumerateFiles(_directory, ".*" + Sending))
        {
            var key = Path.GetFileName(path)[1..^Sending.Length];
            if (IsKey(key) && !_sending.ContainsKey(key) && TaskRecordFile.Read(PathOf(key), key) is var record
                && (record is null ? TaskRecordFile.IsOwnName(key) : record.State != TaskRecordState.Submitting))
            {
                TryRemoveLeft(path);
            }
        }

        _isTidy = true;
    }

    private Task<T> InTurnAsync<T>(Func<bool> isNeeded, Func<T> change, T orElse, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (!isNeeded())
            {
                return orElse;
            }

            if (!_isTidy)
            {
                LookForChanges(); // which takes time in a large directory, in which others may go on
            }

            using var _ = await FileLock.AcquireAsync(Path.Combine(_directory, LockName), LockTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
            Tidy();
            return change();
        },
        cancellationToken);

    private Task<T> InTurnAsync<T>(Func<T> read, CancellationToken cancellationToken) => InTurnAsync(() => Task.FromResult(read()), cancellationToken);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // Not on the caller's thread, which may be a window's or the one that wakes all waits: the disk takes its time.
            return await Task.Run(action, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = e is IOException io && FileLock.IsTaken(io) ? $"another program has kept its lock, {LockName}, for {DurationFormat.Seconds(LockTimeout)} s. Try again when it is done." : MessageText.EnsurePeriod(e.Message);
            throw new Sora2Exception(Sora2ErrorKind.Storage, $"The task store in \"{_directory}\" cannot be used: {why}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private string PathOf(string key) => Path.Combine(_directory, key + TaskRecordFile.Extension);

    private string SendingPathOf(string key) => Path.Combine(_directory, $".{key}{Sending}");
}
