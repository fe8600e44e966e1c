using Microsoft.Win32.SafeHandles;

namespace Sora2.Sdk.Common;

/// <summary>A lock between programs: a file that one of them has open. It is released when that program closes it or ends.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Acquires a lock that is held for milliseconds, and waits for it up to a timeout. The file stays.</summary>
    /// <exception cref="IOException">It cannot be acquired: see <see cref="IsTaken"/>.</exception>
    public static async Task<SafeFileHandle> AcquireAsync(
        string path, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        SpecialFile.ThrowIfSpecial(path);
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsTaken(e) && clock.GetElapsedTime(start) < timeout)
            {
                // Tried again after the interval.
            }

            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Acquires a lock for the duration of some work, and fails if it is taken. Closing the handle deletes the file.</summary>
    /// <remarks>
    /// With this mode and option, .NET checks after locking that the path still names the locked file, which its last owner may have
    /// deleted in between.
    /// </remarks>
    /// <exception cref="IOException">It cannot be acquired: see <see cref="IsTaken"/>.</exception>
    public static SafeFileHandle Acquire(string path)
    {
        SpecialFile.ThrowIfSpecial(path);
        return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
    }

    /// <summary>Whether an error says that the file is open elsewhere: a sharing violation, or on Unix a lock that would block.</summary>
    public static bool IsTaken(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;
}
