using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>
/// The part of a video that is there, in a file beside the target: <c>video.mp4.partial</c>, and what it is a part of in <c>video.mp4.partial.json</c>, which is also
/// the lock that keeps a second writer away. It gets the target's name once it is whole.
/// </summary>
internal sealed class PartialFile : IVideoSink, IDisposable
{
    /// <summary>How much a killed process may lose.</summary>
    private const long BytesBetweenRecords = 8 * 1024 * 1024;

    /// <summary>Some mounted stores take a time and do not keep it; they would be asked for ever.</summary>
    private const int MaxLockTries = 16;

    private const int MaxRecordLength = 64 * 1024;
    private const int MaxNameLength = 255 - 13; // what file systems take, less ".partial.json"
    private const int NoSpace = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private readonly VideoTask _task;
    private readonly string _path;
    private readonly string _recordPath;
    private readonly SafeFileHandle _record;
    private SafeFileHandle? _file;
    private EntityVersion? _version;
    private string? _contentType;
    private long _length;
    private long _recorded;
    private Checksum _checksum;
    private bool _isComplete;

    /// <exception cref="IOException">It cannot be made, or another download has it: see <see cref="AtomicFile.IsTaken"/>.</exception>
    public PartialFile(VideoTask task, string target)
    {
        _task = task;
        var directory = Path.GetDirectoryName(target)!;
        _path = Path.Combine(directory, NameFor(Path.GetFileName(target)));
        _recordPath = _path + ".json";
        Directory.CreateDirectory(directory);
        SpecialFile.ThrowIfAt(_path);
        SpecialFile.ThrowIfAt(_recordPath);
        _record = Lock(_recordPath);
    }

    public bool CanStartOver => true;

    /// <summary>Why something could not be written, and what to do.</summary>
    public static string Reason(Exception error) =>
        error is IOException io && AtomicFile.IsTaken(io) ? "it is in use. Another download is writing it, or a program has it open: wait for that, or choose another path."
        : IsFull(error) ? $"{MessageText.EnsurePeriod(error.Message)} Make room, and download it again."
        : $"{MessageText.EnsurePeriod(error.Message)} Choose another place, or mend this one, and download it again.";

    /// <summary>Takes up what an earlier call left, if it is of the same task and as it was written.</summary>
    /// <param name="each">Told of every byte of it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>What is known of it, or null if there is nothing to go on with; then what <paramref name="each"/> was told of does not count.</returns>
    public async ValueTask<PartialRecord?> RestoreAsync(Action<ReadOnlyMemory<byte>> each, CancellationToken cancellationToken)
    {
        if (ReadRecord() is not { } record || !File.Exists(_path))
        {
            return null;
        }

        var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(Download.BufferLength);
        try
        {
            long at = 0;
            var checksum = default(Checksum);
            while (at < record.Bytes && await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(buffer.Length, record.Bytes - at)), at, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                checksum = checksum.With(at, buffer.AsSpan(0, read));
                each(buffer.AsMemory(0, read));
                at += read;
            }

            if (at < record.Bytes || checksum != record.Checksum)
            {
                return null;
            }

            RequireRoom(record.Length - at);
            RandomAccess.SetLength(file, at); // What came after the last record is fetched again.
            (_file, _version, _contentType, _length, _recorded, _checksum) = (file, record.Version, record.ContentType, at, at, checksum);
            return record;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (_file is null)
            {
                file.Dispose();
            }
        }
    }

    public void Forget() => _version = null;

    public void Begin(EntityVersion? version, string? contentType, long? length)
    {
        _file?.Dispose();
        // Anew, and not emptied: whatever else has this file under another name keeps what is in it.
        File.Delete(_path);
        RequireRoom(length ?? 0);
        _file = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        (_version, _contentType, _length, _recorded, _checksum) = (version, contentType, 0, 0, default);
    }

    // Called thousands of times in a large download.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_file!, bytes, _length, cancellationToken).ConfigureAwait(false);
            _checksum = _checksum.With(_length, bytes.Span);
            _length += bytes.Length;
            if (_version is not null && _length - _recorded >= BytesBetweenRecords)
            {
                WriteRecord();
            }
        }
        catch (IOException e) when (IsFull(e))
        {
            Forget(); // The disk gets back what was taken of it.
            throw;
        }
    }

    /// <summary>The video is whole: it gets its name, once it is on the disk.</summary>
    /// <param name="target">The name.</param>
    /// <param name="length">How many bytes it has: what is on the disk is compared once more.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced.</param>
    public void Complete(string target, long length, bool overwrite)
    {
        SpecialFile.ThrowIfAt(target);
        if (RandomAccess.GetLength(_file!) is var written && written != length)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The disk has {written} of {length} bytes."));
        }

        RandomAccess.FlushToDisk(_file!);
        _file!.Dispose();
        File.Move(_path, target, overwrite);
        _isComplete = true;
    }

    /// <summary>Leaves what a later call can go on with, or nothing.</summary>
    public void Dispose()
    {
        try
        {
            if (!_isComplete && _version is not null && _length > 0)
            {
                WriteRecord();
                return;
            }

            if (_file is not null && !_isComplete)
            {
                _file.Dispose();
                File.Delete(_path);
            }

            // What this call neither made nor finished stays: it may be another task's, or nobody's of ours. Deleted while it is locked.
            if (_file is not null || RandomAccess.GetLength(_record) == 0)
            {
                File.Delete(_recordPath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The video is there, or the download failed before and that error is the one to tell. A record that could not be written is not believed later.
        }
        finally
        {
            _file?.Dispose();
            _record.Dispose();
        }
    }

    /// <summary>
    /// The record, locked for as long as the download runs. Its last owner may have deleted it between our opening and our locking it; then others have, or make, another one: what the
    /// path names has to be what is locked. On Windows sharing deletion keeps others out as well.
    /// </summary>
    private static SafeFileHandle Lock(string path)
    {
        for (var tries = 1; ; tries++)
        {
            var record = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
            if (tries == MaxLockTries || IsNamedBy(path, record))
            {
                return record;
            }

            record.Dispose();
        }
    }

    private static bool IsNamedBy(string path, SafeFileHandle record)
    {
        try
        {
            var mark = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(2 * RandomNumberGenerator.GetInt32(1 << 28));
            File.SetLastWriteTimeUtc(record, mark);
            return File.GetLastWriteTimeUtc(path) == mark;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // A mounted store that keeps no times of its own: then the lock alone has to do.
        }
    }

    /// <summary>A disk that is too small shows before the first byte. Nothing is reserved: how long the video is, is only the host's word.</summary>
    private void RequireRoom(long bytes)
    {
        if (RoomAt(_path) is { } room && bytes > room)
        {
            throw new IOException(
                $"The disk has room for {LogSanitizer.Size(room)}, and {LogSanitizer.Size(bytes)} are to come.",
                OperatingSystem.IsWindows() ? NoSpaceOnWindows : NoSpace);
        }
    }

    private static long? RoomAt(string path)
    {
        try
        {
            var disk = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Path.GetDirectoryName(path)!);
            return disk.TotalSize > 0 ? disk.AvailableFreeSpace : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // A mounted store that does not say, or on Windows one without a letter.
        }
    }

    private static bool IsFull(Exception error) => error.HResult is NoSpace or NoSpaceOnWindows or unchecked((int)0x80070027);

    private PartialRecord? ReadRecord()
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(_record), MaxRecordLength)];
        try
        {
            var record = JsonSerializer.Deserialize(bytes.AsSpan(0, RandomAccess.Read(_record, bytes, 0)), PartialRecordJsonContext.Default.PartialRecord);
            return record?.IsOf(_task) == true ? record : null;
        }
        catch (JsonException)
        {
            return null; // New, or half written when a process was killed: then the download starts over.
        }
    }

    private void WriteRecord()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new PartialRecord(_task.Platform, _task.Id, _version!.Tag, _version.LastModified, _version.Length, _contentType, _length, _checksum), PartialRecordJsonContext.Default.PartialRecord);
        RandomAccess.Write(_record, bytes, 0);
        RandomAccess.SetLength(_record, bytes.Length);
        _recorded = _length;
    }

    /// <summary>The target's name with a suffix; one that would be too long for a file system by a digest.</summary>
    private static string NameFor(string name) =>
        (Encoding.UTF8.GetByteCount(name) <= MaxNameLength ? name : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))) + ".partial";
}
