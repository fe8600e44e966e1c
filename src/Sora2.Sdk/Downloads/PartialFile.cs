using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>A video while it is downloaded, in a file beside the target; a complete one gets the target's name.</summary>
/// <remarks>
/// <c>video.mp4.partial</c> holds the bytes and <c>video.mp4.partial.json</c> a record of them, with which a later call can continue.
/// <c>video.mp4.partial.lock</c> keeps a second writer away while the download runs.
/// </remarks>
internal sealed class PartialFile : IVideoSink, IDisposable
{
    /// <summary>The most that a killed process has to download again.</summary>
    private const long BytesBetweenRecords = 8 * 1024 * 1024;

    private const int MaxRecordLength = 64 * 1024;
    private const int MaxNameLength = 255 - 13; // The limit of file systems, less ".partial.json" or ".partial.lock".
    private const int NoSpace = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private readonly VideoTask _task;
    private readonly string _path;
    private readonly string _recordPath;
    private readonly SafeFileHandle _lock;
    private readonly SafeFileHandle _record;
    private readonly XxHash3 _hash = new();
    private SafeFileHandle? _file;
    private EntityVersion? _version;
    private string? _contentType;
    private long _length;
    private long _recordedLength;
    private bool _isComplete;

    /// <exception cref="IOException">
    /// It cannot be created, or another download is writing it: see <see cref="FileLock.IsTaken"/>.
    /// </exception>
    public PartialFile(VideoTask task, string target)
    {
        _task = task;
        var directory = Path.GetDirectoryName(target)!;
        _path = Path.Combine(directory, NameFor(Path.GetFileName(target)));
        _recordPath = _path + ".json";
        Directory.CreateDirectory(directory);
        SpecialFile.ThrowIfSpecial(_path);
        SpecialFile.ThrowIfSpecial(_recordPath);
        _lock = FileLock.Acquire(_path + ".lock");
        try
        {
            _record = File.OpenHandle(_recordPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Delete);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public bool CanStartOver => true;

    /// <summary>Explains why a file could not be written, and what to do.</summary>
    public static string Explain(Exception error) =>
        error is IOException io && FileLock.IsTaken(io)
            ? "it is in use. Another download is writing it, or a program has it open: wait for that, or choose another path."
        : IsFull(error) ? $"{MessageText.EnsurePeriod(error.Message)} Make room, and download it again."
        : $"{MessageText.EnsurePeriod(error.Message)} Choose another place, or fix this one, and download it again.";

    /// <summary>Restores what an earlier call left, if it is of the same task and as it was written.</summary>
    /// <param name="read">Receives the bytes; they do not count if there turns out to be no valid record of them.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The record of the bytes, or null if there is nothing to continue.</returns>
    public async ValueTask<PartialRecord?> RestoreAsync(Action<ReadOnlyMemory<byte>> read, CancellationToken cancellationToken)
    {
        if (ReadRecord() is not { } record || !File.Exists(_path))
        {
            return null;
        }

        var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(DownloadSession.BufferLength);
        try
        {
            long position = 0;
            while (position < record.Bytes)
            {
                var wanted = buffer.AsMemory(0, (int)Math.Min(buffer.Length, record.Bytes - position));
                var count = await RandomAccess.ReadAsync(file, wanted, position, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return null;
                }

                _hash.Append(wanted.Span[..count]);
                read(wanted[..count]);
                position += count;
            }

            if (_hash.GetCurrentHashAsUInt64() != record.Hash)
            {
                return null;
            }

            RequireRoom(record.Length - position);
            RandomAccess.SetLength(file, position); // What was written after the last record is downloaded again.
            (_file, _version, _contentType) = (file, record.Version, record.ContentType);
            _length = _recordedLength = position;
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

    public void Discard() => _version = null;

    public void Begin(EntityVersion? version, string? contentType, long? length)
    {
        _file?.Dispose();
        File.Delete(_path); // Not truncated: a hard link to it keeps its content.
        RequireRoom(length ?? 0);
        _file = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        (_version, _contentType) = (version, contentType);
        _length = _recordedLength = 0;
        _hash.Reset();
    }

    // Called thousands of times in a large download.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_file!, bytes, _length, cancellationToken).ConfigureAwait(false);
            _hash.Append(bytes.Span);
            _length += bytes.Length;
            if (_version is not null && _length - _recordedLength >= BytesBetweenRecords)
            {
                WriteRecord();
            }
        }
        catch (IOException e) when (IsFull(e))
        {
            Discard(); // Frees the disk.
            throw;
        }
    }

    /// <summary>Gives the complete video its name, once it is flushed to the disk.</summary>
    /// <param name="target">The name.</param>
    /// <param name="length">How many bytes it has; the length on the disk is compared.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    public void Complete(string target, long length, bool overwrite)
    {
        SpecialFile.ThrowIfSpecial(target);
        if (RandomAccess.GetLength(_file!) is var written && written != length)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The disk has {written} of {length} bytes."));
        }

        RandomAccess.FlushToDisk(_file!);
        _file!.Dispose();
        File.Move(_path, target, overwrite);
        _isComplete = true;
    }

    /// <summary>Leaves what a later call can continue, or nothing.</summary>
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

            // A record that this call neither wrote nor used stays: it may belong to another task or program.
            if (_file is not null || RandomAccess.GetLength(_record) == 0)
            {
                File.Delete(_recordPath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The video is complete, or an earlier error is being thrown. A record that was not written completely is ignored later.
        }
        finally
        {
            _file?.Dispose();
            _record.Dispose();
            _lock.Dispose(); // Last: now another download may start.
        }
    }

    /// <summary>Fails before the first byte if the disk is too small. Nothing is reserved, as the host may announce any length.</summary>
    private void RequireRoom(long bytes)
    {
        if (GetRoom(_path) is { } room && bytes > room)
        {
            throw new IOException(
                $"The disk has room for {DisplayFormat.Size(room)}, and the video needs {DisplayFormat.Size(bytes)}.",
                OperatingSystem.IsWindows() ? NoSpaceOnWindows : NoSpace);
        }
    }

    private static long? GetRoom(string path)
    {
        try
        {
            var disk = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Path.GetDirectoryName(path)!);
            return disk.TotalSize > 0 ? disk.AvailableFreeSpace : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // A mounted store that does not say, or on Windows one without a drive letter.
        }
    }

    private static bool IsFull(Exception error) => error.HResult is NoSpace or NoSpaceOnWindows or unchecked((int)0x80070027);

    private PartialRecord? ReadRecord()
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(_record), MaxRecordLength)];
        try
        {
            var length = RandomAccess.Read(_record, bytes, 0);
            var record = JsonSerializer.Deserialize(bytes.AsSpan(0, length), PartialRecordJsonContext.Default.PartialRecord);
            return record?.IsOf(_task) == true ? record : null;
        }
        catch (JsonException)
        {
            return null; // New, or half written when a process was killed: the download starts over.
        }
    }

    private void WriteRecord()
    {
        var record = new PartialRecord(
            _task.PlatformName,
            _task.Id,
            _version!.Tag,
            _version.LastModified,
            _version.Length,
            _contentType,
            _length,
            _hash.GetCurrentHashAsUInt64());
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, PartialRecordJsonContext.Default.PartialRecord);
        RandomAccess.Write(_record, bytes, 0);
        RandomAccess.SetLength(_record, bytes.Length);
        _recordedLength = _length;
    }

    /// <summary>Appends a suffix to the target's name; one that gets too long for a file system is replaced by a digest.</summary>
    private static string NameFor(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return (bytes.Length <= MaxNameLength ? name : Convert.ToHexString(SHA256.HashData(bytes))) + ".partial";
    }
}
