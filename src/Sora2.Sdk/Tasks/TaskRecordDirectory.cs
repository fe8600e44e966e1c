using System.Buffers;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>The record files of a directory, with an index of those read so far. Not thread-safe.</summary>
internal sealed class TaskRecordDirectory(string path)
{
    private const int MaxIdLength = 200;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|");

    /// <summary>Where a task was last; its file is read again before the record is returned.</summary>
    private readonly TaskIndex _index = new();
    private readonly Dictionary<string, (DateTime Written, long Length)> _seen = new(StringComparer.Ordinal);

    /// <summary>Records that could not be read the last time: each may be that of any key.</summary>
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    public string Path => path;

    /// <summary>Whether an id can be the name of a file in the directory.</summary>
    public static bool IsId(string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && id[0] != '.' && !id.AsSpan().ContainsAny(NotInNames) && !id.Any(char.IsControl);

    public TaskRecord? Read(string id) => ReadFile(new FileInfo(PathOf(id)));

    public TaskRecord? Find(TaskHandle task)
    {
        if (FindKnown(task) is { } known)
        {
            return known;
        }

        Refresh();
        return FindKnown(task);
    }

    /// <summary>Returns the newest attempt of a key. Only files that are new or changed are read, and those of the key.</summary>
    /// <exception cref="IOException">A record cannot be read. It may be that of the key, which must not be paid for twice.</exception>
    public TaskRecord? Find(string key)
    {
        Refresh();
        var found = TaskIndex.Newest([.. _index.IdsOf(key).Select(Read).OfType<TaskRecord>().Where(record => record.Key == key)]);
        return _unreadable.Count == 0
            ? found
            : throw new IOException($"\"{PathOf(_unreadable.First())}\" cannot be read, and it may be the record of this key.");
    }

    /// <summary>Returns the ids of all files that may be records, in their order.</summary>
    public IReadOnlyList<string> Ids() => [.. Files().Select(IdOf).Order(StringComparer.Ordinal)];

    /// <summary>Reads the files that were added, changed or removed since the last time.</summary>
    public void Refresh()
    {
        var gone = _seen.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            var id = IdOf(file);
            gone.Remove(id);
            if (!_seen.TryGetValue(id, out var seen) || seen != StampOf(file) || file.LinkTarget is not null)
            {
                ReadFile(file);
            }
        }

        foreach (var id in gone)
        {
            Forget(id);
        }

        _unreadable.RemoveWhere(id => !Exists(id));
    }

    /// <exception cref="IOException">A file has the name of this record and is not this record.</exception>
    public void ThrowIfTaken(string id)
    {
        var file = PathOf(id);
        if (!File.Exists(file))
        {
            return;
        }

        var existing = TaskRecordFile.Read(file, id)
            ?? throw new IOException($"\"{file}\" already exists and is not a task record. Give the store a directory of its own.");
        if (existing.Id != id)
        {
            var other = LogSanitizer.SingleLine(existing.Id);
            throw new IOException($"\"{file}\" is the record of {other}, and file systems may ignore case. Choose another id.");
        }
    }

    public void Write(TaskRecord record)
    {
        AtomicFile.Replace(PathOf(record.Id), TaskRecordFile.Content(record));
        _index.Set(record, record.Id);
    }

    /// <returns>False if there is no record of this id.</returns>
    public bool Delete(string id)
    {
        if (Read(id) is null)
        {
            return false;
        }

        File.Delete(PathOf(id));
        Forget(id);
        return true;
    }

    /// <summary>Deletes new content of records that a crash kept from replacing the old.</summary>
    public void DeleteUnfinished()
    {
        foreach (var file in Directory.EnumerateFiles(path, "*" + TaskRecordFile.Extension + AtomicFile.Unfinished))
        {
            var id = System.IO.Path.GetFileNameWithoutExtension(System.IO.Path.GetFileNameWithoutExtension(file));
            if (TaskRecordFile.IsOwnName(id) || _index.Has(id))
            {
                File.Delete(file);
            }
        }
    }

    private TaskRecord? FindKnown(TaskHandle task)
    {
        TaskRecord? found = null;
        foreach (var record in _index.IdsOf(task).Select(Read).OfType<TaskRecord>())
        {
            if (record.TaskId == task.Id && (task.PlatformName is null || record.PlatformName == task.PlatformName)
                && (found is null || record.State != TaskRecordState.Unknown)) // a damaged copy is Unknown
            {
                found = record;
            }
        }

        return found;
    }

    private TaskRecord? ReadFile(FileInfo file)
    {
        var id = IdOf(file);
        var stamp = StampOf(file); // before reading, so that a change made meanwhile is read the next time
        var record = TaskRecordFile.Read(file.FullName, id, out var isUnreadable);
        if (isUnreadable && (TaskRecordFile.IsOwnName(id) || _index.Has(id)))
        {
            _unreadable.Add(id);
            _seen.Remove(id); // read again the next time; the index keeps what it knew
            return record;
        }

        _unreadable.Remove(id);
        if (record is null)
        {
            Forget(id);
        }
        else
        {
            _index.Set(record, id);
        }

        if (stamp != default)
        {
            _seen[id] = stamp;
        }

        return record is null || record.Id == id ? record : record with { Id = id }; // the file name, since that removes it
    }

    private void Forget(string id)
    {
        _index.Remove(id);
        _seen.Remove(id);
        _unreadable.Remove(id);
    }

    private bool Exists(string id) => new FileInfo(PathOf(id)) is var file && (file.Exists || file.LinkTarget is not null);

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
        ? new DirectoryInfo(path).EnumerateFiles("*" + TaskRecordFile.Extension).Where(file => IsId(IdOf(file)))
        : [];

    private static string IdOf(FileInfo file) => System.IO.Path.GetFileNameWithoutExtension(file.Name);

    private string PathOf(string id) => System.IO.Path.Combine(path, id + TaskRecordFile.Extension);
}
