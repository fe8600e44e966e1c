using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Sora2.Sdk;

/// <summary>
/// The part of a video that is there, in a file beside the target: <c>video.mp4.partial</c>, and what it is a part of in <c>video.mp4.partial.json</c>, which is also
/// the lock that keeps a second writer away. It gets the target's name once it is whole.
/// </summary>
internal sealed class PartialFile : IVideoSink, IDisposable
{
    /// <summary>How much a killed process may lose.</summary>
    private const long BytesBetweenRecords = 8 * 1024 * 1024;

    private const int MaxRecordLength = 64 * 1024;
    private const int MaxNameLength = 255 - 13; // what file systems take, less ".partial.json"

    private readonly VideoTask _task;
    private readonly string _target;
    private readonly string _path;
    private readonly string _recordPath;
    private readonly SafeFileHandle _record;
    private SafeFileHandle? _file;
    private MediaVersion? _version;
    private string? _contentType;
    private long _length;
    private long _recorded;
    private Checksum _checksum;
    private bool _isRead;
    private bool _isComplete;

    /// <exception cref="IOException">It cannot be made, or another download has it: see <see cref="IsTaken"/>.</exception>
    public PartialFile(VideoTask task, string target)
    {
        _task = task;
        _target = target;
        var directory = Path.GetDirectoryName(target)!;
        _path = Path.Combine(directory, NameFor(Path.GetFileName(target)));
        _recordPath = _path + ".json";
        Directory.CreateDirectory(directory);
        // Held for as long as the download runs. On Windows sharing deletion keeps others out as well, and lets the record go before the lock does.
        _record = File.OpenHandle(_recordPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
    }

    public bool CanStartOver => true;


    /// <summary>Whether an error says that somebody else has the file: a sharing violation, or on Unix a lock that would block.</summary>
    public static bool IsTaken(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;

    /// <summary>Takes up what an earlier call left, if it is of the same task and as it was written.</summary>
    /// <param name="each">Told of every byte of it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>What is known of it, or null if there is nothing to go on with; then what <paramref name="each"/> was told of does not count.</returns>
    public async ValueTask<PartialRecord?> RestoreAsync(Action<ReadOnlyMemory<byte>> each, CancellationToken cancellationToken)
    {
        if (ReadRecord() is not { } record || !File.Exists(_path))
        {
            _isRead = true;
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

            _isRead = true;
            if (at < record.Bytes || checksum != record.Checksum)
            {
                return null;
            }

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

    public void Begin(MediaVersion? version, string? contentType, long? length)
    {
        _file?.Dispose();
        // Room for all of it now: a full disk shows before the first byte, and the file lies in one piece.
        _file = File.OpenHandle(_path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, preallocationSize: length ?? 0);
        (_version, _contentType, _length, _recorded, _checksum) = (version, contentType, 0, 0, default);
    }

    // Called thousands of times in a large download.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_file!, bytes, _length, cancellationToken).ConfigureAwait(false);
        if (_version is null)
        {
            return;
        }

        _checksum = _checksum.With(_length, bytes.Span);
        _length += bytes.Length;
        if (_length - _recorded >= BytesBetweenRecords)
        {
            WriteRecord();
        }
    }

    /// <summary>The video is whole: it gets its name, once it is on the disk.</summary>
    public void Complete(bool overwrite)
    {
        RandomAccess.FlushToDisk(_file!);
        _file!.Dispose();
        File.Move(_path, _target, overwrite);
        _isComplete = true;
    }

    /// <summary>Leaves what a later call can go on with, or nothing.</summary>
    public void Dispose()
    {
        try
        {
            if (!_isComplete && _version is not null)
            {
                WriteRecord();
                return;
            }

            if (!_isRead && RandomAccess.GetLength(_record) > 0)
            {
                return; // Given up before it was known what an earlier call left.
            }

            _file?.Dispose();
            if (!_isComplete)
            {
                File.Delete(_path);
            }

            // While it is still locked: nobody else can hold it for theirs and find it gone.
            File.Delete(_recordPath);
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

    private PartialRecord? ReadRecord()
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(_record), MaxRecordLength)];
        try
        {
            var record = JsonSerializer.Deserialize(bytes.AsSpan(0, RandomAccess.Read(_record, bytes, 0)), PartialRecordJson.Default.PartialRecord);
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
            new PartialRecord(_task.Platform, _task.Id, _version!.Tag, _version.LastModified, _version.Length, _contentType, _length, _checksum), PartialRecordJson.Default.PartialRecord);
        RandomAccess.Write(_record, bytes, 0);
        RandomAccess.SetLength(_record, bytes.Length);
        _recorded = _length;
    }

    /// <summary>The target's name with a suffix; one that would be too long for a file system by a digest.</summary>
    private static string NameFor(string name) =>
        (Encoding.UTF8.GetByteCount(name) <= MaxNameLength ? name : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))) + ".partial";
}
