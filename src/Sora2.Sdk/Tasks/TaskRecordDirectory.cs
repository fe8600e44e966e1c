using System.Buffers;
using System.Text.Json;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>The record files of a directory, with an index of those read so far. Not thread-safe.</summary>
internal sealed class TaskRecordDirectory(string path)
{
    private const int MaxKeyLength = 200;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|");

    /// <summary>Where a task was last; its file is read again before the record is returned.</summary>
    private readonly TaskIndex _index = new();
    private readonly Dictionary<string, (DateTime Written, long Length)> _seen = new(StringComparer.Ordinal);

    public string Path => path;

    /// <summary>Whether a key can be the name of a file in the directory.</summary>
    public static bool IsKey(string? key) =>
        key is { Length: > 0 and <= MaxKeyLength } && key[0] != '.' && !key.AsSpan().ContainsAny(NotInNames) && !key.Any(char.IsControl);

    public TaskRecord? Read(string key) => TaskRecordFile.Read(PathOf(key), key);

    public TaskRecord? Find(string platform, string taskId)
    {
        if (FindKnown(platform, taskId) is { } known)
        {
            return known;
        }

        Refresh();
        return FindKnown(platform, taskId);
    }

    public IReadOnlyList<TaskRecord> ReadAll()
    {
        _index.Clear();
        _seen.Clear();
        return [.. Files().Select(ReadFile).OfType<TaskRecord>().OrderBy(record => record.Key, StringComparer.Ordinal)];
    }

    /// <summary>Reads the files that were added, changed or removed since the last time.</summary>
    public void Refresh()
    {
        var gone = _seen.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            var key = KeyOf(file);
            gone.Remove(key);
            if (!_seen.TryGetValue(key, out var seen) || seen != StampOf(file) || file.LinkTarget is not null)
            {
                ReadFile(file);
            }
        }

        foreach (var key in gone)
        {
            Forget(key);
        }
    }

    /// <exception cref="IOException">A file has the name of this record and is not this record.</exception>
    public void ThrowIfTaken(string key)
    {
        var file = PathOf(key);
        if (!File.Exists(file))
        {
            return;
        }

        var existing = TaskRecordFile.Read(file, key)
            ?? throw new IOException($"\"{file}\" already exists and is not a task record. Give the store a directory of its own.");
        if (existing.Key != key)
        {
            var other = LogSanitizer.SingleLine(existing.Key);
            throw new IOException($"\"{file}\" is the record of {other}, and file systems may ignore case. Choose another key.");
        }
    }

    public void Write(TaskRecord record)
    {
        AtomicFile.Replace(
            PathOf(record.Key), JsonSerializer.SerializeToUtf8Bytes(record, TaskRecordJsonContext.Readable.TaskRecord));
        _index.Set(record, record.Key);
    }

    /// <returns>False if there is no record of this key.</returns>
    public bool Delete(string key)
    {
        if (Read(key) is null)
        {
            return false;
        }

        File.Delete(PathOf(key));
        Forget(key);
        return true;
    }

    /// <summary>Deletes new content of records that a crash kept from replacing the old.</summary>
    public void DeleteUnfinished()
    {
        foreach (var file in Directory.EnumerateFiles(path, "*" + TaskRecordFile.Extension + AtomicFile.Unfinished))
        {
            var key = System.IO.Path.GetFileNameWithoutExtension(System.IO.Path.GetFileNameWithoutExtension(file));
            if (TaskRecordFile.IsOwnName(key) || _index.Has(key))
            {
                File.Delete(file);
            }
        }
    }

    private TaskRecord? FindKnown(string platform, string taskId)
    {
        TaskRecord? found = null;
        foreach (var key in _index.KeysOf(platform, taskId))
        {
            if (ReadFile(new FileInfo(PathOf(key))) is { } record && record.Platform == platform && record.TaskId == taskId
                && (found is null || record.State != TaskRecordState.Unknown)) // a damaged copy is Unknown
            {
                found = record;
            }
        }

        return found;
    }

    private TaskRecord? ReadFile(FileInfo file)
    {
        var key = KeyOf(file);
        var stamp = StampOf(file); // before reading, so that a change made meanwhile is read the next time
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
        return record is null || record.Key == key ? record : record with { Key = key }; // the file name, since that removes it
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
            return default; // deleted meanwhile
        }
    }

    private IEnumerable<FileInfo> Files() => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*" + TaskRecordFile.Extension).Where(file => IsKey(KeyOf(file)))
        : [];

    private static string KeyOf(FileInfo file) => System.IO.Path.GetFileNameWithoutExtension(file.Name);

    private string PathOf(string key) => System.IO.Path.Combine(path, key + TaskRecordFile.Extension);
}
