using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>The bytes of a video received so far over all connections: checked as they pass, only the last of them kept.</summary>
internal sealed class ReceivedVideo(DownloadOptions options) : IDisposable
{
    private const int MaxTailLength = 1024;

    private readonly byte[] _tail = new byte[MaxTailLength];
    private readonly XxHash3 _hash = new();
    private readonly IncrementalHash? _sha256 = options.ComputeSha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private Mp4BoxValidator _boxes = new();
    private int _tailLength;

    public long Length { get; private set; }

    /// <summary>The version that the bytes are of; null if a part of it could not be joined to another.</summary>
    public EntityVersion? Version { get; private set; }

    public string? ContentType { get; private set; }

    /// <summary>Whether the host announced how many bytes the video has.</summary>
    public bool IsLengthAnnounced { get; private set; }

    /// <summary>The container, if it is not MP4.</summary>
    public VideoContainer? Container { get; private set; }

    /// <summary>
    /// Where the next request starts: before the end, so that the last bytes come twice and a host that sends a part of something else is
    /// found out.
    /// </summary>
    public long ResumePosition => Length - _tailLength;

    public void Describe(EntityVersion? version, string? contentType, bool isLengthAnnounced) =>
        (Version, ContentType, IsLengthAnnounced) = (version, contentType, isLengthAnnounced);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length == 0 && options.AllowOtherContainers && !Mp4BoxValidator.MayBegin(bytes))
        {
            Container = VideoContainer.Detect(bytes);
        }

        _boxes.Read(bytes);
        _hash.Append(bytes);
        _sha256?.AppendData(bytes);
        Length += bytes.Length;
        var kept = Math.Clamp(MaxTailLength - bytes.Length, 0, _tailLength);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        var added = bytes[^Math.Min(bytes.Length, MaxTailLength)..];
        added.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + added.Length;
    }

    /// <summary>Whether bytes that were sent again are those received before, as far as these are still known.</summary>
    /// <param name="bytes">The bytes that were sent again.</param>
    /// <param name="position">Their position in the video.</param>
    public bool Matches(ReadOnlySpan<byte> bytes, long position)
    {
        var tailStart = Length - _tailLength;
        var skipped = (int)Math.Clamp(tailStart - position, 0, bytes.Length);
        var from = (int)Math.Clamp(position - tailStart, 0, _tailLength);
        return _tail.AsSpan(from, Math.Min(_tailLength - from, bytes.Length - skipped)).SequenceEqual(bytes[skipped..]);
    }

    /// <summary>Judges whether the bytes are a complete video.</summary>
    public Completeness Judge() => Container is null ? _boxes.Judge(IsLengthAnnounced)
        : Length < Container.MinLength ? Completeness.Incomplete
        : IsLengthAnnounced ? Completeness.Complete
        : Completeness.Unknown;

    /// <summary>Compares a second response with the bytes: whether anything follows them, and whether they are still the same.</summary>
    public async Task<bool> IsConfirmedByAsync(RangeReader reader, DownloadTelemetry telemetry)
    {
        var total = reader.IsPart ? reader.ContentRange?.Length : reader.ContentLength;
        if (total is not null)
        {
            return total == Length;
        }

        if (reader.IsMultipart || (reader.IsPart && reader.ContentRange is { } range && !(range.From <= Length)))
        {
            return false;
        }

        var start = reader.IsPart ? reader.ContentRange?.From ?? 0 : 0;
        var position = start;
        var hash = new XxHash3();
        var buffer = ArrayPool<byte>.Shared.Rent(DownloadSession.BufferLength);
        try
        {
            while (await reader.ReadAsync(buffer).ConfigureAwait(false) is var read and > 0)
            {
                telemetry.Received(read);
                var bytes = buffer.AsSpan(0, read);
                if (position + read > Length || !Matches(bytes, position))
                {
                    return false;
                }

                hash.Append(bytes);
                position += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return position == Length && (start > 0 || hash.GetCurrentHashAsUInt64() == _hash.GetCurrentHashAsUInt64());
    }

    /// <summary>The SHA-256 in lower-case hexadecimal digits; null unless the options want it. Ends its computation.</summary>
    public string? TakeSha256() => _sha256 is null ? null : Convert.ToHexString(_sha256.GetHashAndReset()).ToLowerInvariant();

    public void Clear()
    {
        _boxes = new Mp4BoxValidator();
        _hash.Reset();
        _sha256?.GetHashAndReset();
        (Length, _tailLength) = (0, 0);
        (Version, ContentType, IsLengthAnnounced, Container) = (null, null, false, null);
    }

    public void Dispose() => _sha256?.Dispose();
}
