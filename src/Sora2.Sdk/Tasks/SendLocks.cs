using Microsoft.Win32.SafeHandles;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>Locked files that show other programs which requests are being sent. Not thread-safe.</summary>
internal sealed class SendLocks(string directory) : IDisposable
{
    private const string Extension = ".sending";

    private readonly Dictionary<string, SafeFileHandle> _held = new(StringComparer.Ordinal);

    /// <summary>Locks the file of an intent; does nothing if this store holds it already.</summary>
    /// <exception cref="IOException">Another store holds it, or it cannot be created.</exception>
    public void Acquire(string key)
    {
        if (_held.ContainsKey(key))
        {
            return;
        }

        _held.Add(key, FileLock.Acquire(PathOf(key)));
    }

    public void Release(string key)
    {
        if (_held.Remove(key, out var file))
        {
            file.Dispose();
        }
    }

    /// <summary>Whether another store holds the lock of an intent; removes a lock that a killed process left.</summary>
    public bool IsHeldElsewhere(string key) => !_held.ContainsKey(key) && !TryRemove(PathOf(key));

    /// <summary>Removes locks that killed processes left.</summary>
    public void RemoveAbandoned(Func<string, bool> canBeRemoved)
    {
        foreach (var path in Directory.EnumerateFiles(directory, ".*" + Extension))
        {
            var key = Path.GetFileName(path)[1..^Extension.Length];
            if (!_held.ContainsKey(key) && canBeRemoved(key))
            {
                TryRemove(path);
            }
        }
    }

    public void Dispose()
    {
        foreach (var file in _held.Values)
        {
            file.Dispose();
        }

        _held.Clear();
    }

    /// <returns>False if a process holds it.</returns>
    private static bool TryRemove(string path)
    {
        if (!File.Exists(path) || SpecialFile.Describe(path) is not null)
        {
            return true; // no lock; opening a pipe would block
        }

        try
        {
            // Opened for writing, since some network file systems ignore locks on files that are only read.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException
            or IOException { HResult: AtomicFile.ReadOnlyFileSystem })
        {
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException io && FileLock.IsTaken(io)))
        {
            return false; // held, perhaps by a process of another user
        }
    }

    private string PathOf(string key) => Path.Combine(directory, $".{key}{Extension}");
}
