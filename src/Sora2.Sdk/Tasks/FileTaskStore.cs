using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Sora2.Sdk;

/// <summary>
/// Remembers tasks in a directory, one JSON file a task that a person can read. Each change is a new file that takes the old one's name once it is on the disk, so that a crash at any
/// byte leaves the old or the new. The directory belongs to one process at a time; a second one is refused. Thread-safe; one store may serve several clients.
/// </summary>
/// <param name="directory">The directory; made if it is missing.</param>
public sealed class FileTaskStore(string directory) : ITaskStore, IDisposable
{
    private const string Extension = ".json";

    private readonly string _directory = Path.GetFullPath(string.IsNullOrWhiteSpace(directory) ? throw new ArgumentException("A directory is needed.", nameof(directory)) : directory);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, TaskRecord> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Platform, string TaskId), string> _keys = [];
    private SafeFileHandle? _lock;
    private bool _isDisposed;

    /// <summary>The directory.</summary>
    public override string ToString() => $"FileTaskStore ({OneLine.Path(_directory)})";

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">It cannot be written, or another process has the directory.</exception>
    public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Key.Length == 0 || record.Key.AsSpan().ContainsAny("/\\:") || record.Key[0] == '.')
        {
            throw new ArgumentException($"\"{record.Key}\" cannot be a file's name.", nameof(record));
        }

        return InTurnAsync(
            () =>
            {
                DurableFile.Replace(PathOf(record.Key), JsonSerializer.SerializeToUtf8Bytes(record, TaskRecordJson.Readable.TaskRecord));
                Keep(record);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">The directory cannot be read, or another process has it.</exception>
    public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) =>
        InTurnAsync(() => _keys.TryGetValue((platform, taskId), out var key) ? _records.GetValueOrDefault(key) : null, cancellationToken);

    /// <inheritdoc />
    /// <remarks>A file that cannot be read, which no crash of this process makes, is an <see cref="TaskRecordState.Unknown"/> record that says so; it stays as it is until it is removed.</remarks>
    /// <exception cref="Sora2Exception">The directory cannot be read, or another process has it.</exception>
    public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        InTurnAsync<IReadOnlyList<TaskRecord>>(() => [.. _records.Values.OrderBy(record => record.Key, StringComparer.Ordinal)], cancellationToken);

    /// <inheritdoc />
    /// <exception cref="Sora2Exception">It cannot be removed, or another process has the directory.</exception>
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => InTurnAsync(
        () =>
        {
            if (!_records.TryGetValue(key, out var record))
            {
                return false;
            }

            File.Delete(PathOf(key));
            _records.Remove(key);
            if (record.TaskId is { } taskId && _keys.GetValueOrDefault((record.Platform, taskId)) == key)
            {
                _keys.Remove((record.Platform, taskId));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Lets the directory go, for another process or store.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isDisposed = true;
        _lock?.Dispose();
        _turn.Release();
    }

    private async Task<T> InTurnAsync<T>(Func<T> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // Not on the caller's thread, which may be a window's or the one that wakes all waits: the disk takes its time.
            return await Task.Run(
                () =>
                {
                    if (_lock is null)
                    {
                        Open();
                    }

                    return action();
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = e is IOException io && DurableFile.IsTaken(io) ? "another process, or another store of this one, uses it. Give each its own directory, or dispose the other." : Sentence.Ended(e.Message);
            throw new Sora2Exception(Sora2ErrorKind.Storage, $"The task store in \"{_directory}\" cannot be used: {why}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Open()
    {
        Directory.CreateDirectory(_directory);
        var taken = File.OpenHandle(Path.Combine(_directory, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            foreach (var path in Directory.EnumerateFiles(_directory, "*" + DurableFile.Unfinished))
            {
                File.Delete(path);
            }

            foreach (var path in Directory.EnumerateFiles(_directory, "*" + Extension))
            {
                Keep(Read(path));
            }

            _lock = taken;
        }
        finally
        {
            if (_lock is null)
            {
                taken.Dispose();
            }
        }
    }

    private static TaskRecord Read(string path)
    {
        var key = Path.GetFileNameWithoutExtension(path);
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), TaskRecordJson.Readable.TaskRecord);
            if (record?.Key == key && record is { Platform: not null, Client: not null } && Enum.IsDefined(record.State))
            {
                return record;
            }
        }
        catch (JsonException)
        {
            // Told below, as what it is.
        }

        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        return new TaskRecord { Key = key, Platform = "", State = TaskRecordState.Unknown, CreatedAt = changed, UpdatedAt = changed, Error = $"\"{path}\" is damaged: look at it, then remove the record." };
    }

    private void Keep(TaskRecord record)
    {
        _records[record.Key] = record;
        if (record.TaskId is not null)
        {
            _keys[(record.Platform, record.TaskId)] = record.Key;
        }
    }

    private string PathOf(string key) => Path.Combine(_directory, key + Extension);
}
