using Microsoft.Win32.SafeHandles;

namespace Sora2.Sdk.Common;

/// <summary>A lock between programs: a file that one of them has open. Whoever ends, however that happens, lets it go.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes the lock, after a while if somebody else has it.</summary>
    /// <exception cref="IOException">It cannot be had: see <see cref="AtomicFile.IsTaken"/>.</exception>
    public static async Task<SafeFileHandle> TakeAsync(string path, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        SpecialFile.ThrowIfAt(path);
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (AtomicFile.IsTaken(e) && clock.GetElapsedTime(start) < timeout)
            {
                // Each needs it for milliseconds.
            }

            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
