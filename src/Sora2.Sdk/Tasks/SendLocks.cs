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
    public void Acquire(string id)
    {
        if (_held.ContainsKey(id))
        {
            return;
        }

        _held.Add(id, FileLock.Acquire(PathOf(id)));
    }

    public void Release(string id)
    {
        if (_held.Remove(id, out var file))
        {
            file.Dispose();
        }
    }

    /// <summary>Whether this store or another holds the lock of an intent; removes a lock that a killed process left.</summary>
    public bool IsHeld(string id) => _held.ContainsKey(id) || !TryRemove(PathOf(id));

    /// <summary>Removes locks that killed processes left.</summary>
    public void RemoveAbandoned(Func<string, bool> canBeRemoved)
    {
        foreach (var path in Directory.EnumerateFiles(directory, ".*" + Extension))
        {
            var id = Path.GetFileName(path)[1..^Extension.Length];
            if (!_held.ContainsKey(id) && canBeRemoved(id))
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

    private string PathOf(string id) => Path.Combine(directory, $".{id}{Extension}");
}
