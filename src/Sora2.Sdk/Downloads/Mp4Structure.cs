using System.Buffers.Binary;

namespace Sora2.Sdk;

/// <summary>
/// Looks, as the bytes pass by, whether they are a whole MP4: boxes that add up, beginning with <c>ftyp</c>, one of them <c>moov</c>. A body that was cut short
/// but ended in good order shows here and nowhere else. Boxes of unknown kinds are passed over.
/// </summary>
internal sealed class Mp4Structure
{
    /// <summary>How many bytes <see cref="MayBegin"/> looks at.</summary>
    public const int StartLength = 8;

    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    private readonly byte[] _header = new byte[LongHeader];
    private int _headerFilled;
    private long _leftInBox;
    private bool _lastsToTheEnd;
    private bool _beganWithFileType;
    private bool _hasMovie;
    private bool _isBroken;
    private bool _hasBoxes;

    /// <summary>Whether what has passed by is a whole MP4.</summary>
    public bool IsWhole => !_isBroken && _beganWithFileType && _hasMovie && (_lastsToTheEnd || (_leftInBox == 0 && _headerFilled == 0));

    /// <summary>Whether an MP4 may begin with these bytes.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> start) => start.Length >= StartLength && start[4..].StartsWith("ftyp"u8);

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_isBroken && !_lastsToTheEnd)
        {
            if (_leftInBox > 0)
            {
                var skipped = (int)Math.Min(_leftInBox, bytes.Length);
                _leftInBox -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            var wanted = _headerFilled < ShortHeader ? ShortHeader : LongHeader;
            var taken = Math.Min(wanted - _headerFilled, bytes.Length);
            bytes[..taken].CopyTo(_header.AsSpan(_headerFilled));
            _headerFilled += taken;
            bytes = bytes[taken..];
            if (_headerFilled == wanted)
            {
                EnterBox();
            }
        }
    }

    private void EnterBox()
    {
        long size = BinaryPrimitives.ReadUInt32BigEndian(_header);
        if (size == 1 && _headerFilled < LongHeader)
        {
            return; // The size stands behind the type, in eight bytes of its own.
        }

        var type = _header.AsSpan(4, 4);
        _beganWithFileType |= !_hasBoxes && type.SequenceEqual("ftyp"u8);
        _hasMovie |= type.SequenceEqual("moov"u8);
        _hasBoxes = true;
        _lastsToTheEnd = size == 0;
        size = size == 1 ? BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(ShortHeader)) : size;
        _isBroken = !_beganWithFileType || (!_lastsToTheEnd && size < _headerFilled);
        _leftInBox = size - _headerFilled;
        _headerFilled = 0;
    }
}
