using System.Buffers;
using System.Buffers.Binary;

namespace Sora2.Sdk.Downloads;

/// <summary>
/// Checks, as the bytes pass, whether they are a complete MP4 or QuickTime file with a <c>moov</c> and media in an <c>mdat</c>.
/// </summary>
/// <remarks>Only this finds a truncated body that HTTP takes for complete.</remarks>
internal sealed class Mp4BoxValidator
{
    /// <summary>How many bytes <see cref="MayBegin"/> needs.</summary>
    public const int StartLength = 8;

    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    /// <summary>A larger <c>moov</c> is not read; that of a video of minutes has some 100 KB.</summary>
    private const int MaxMovieLength = 16 * 1024 * 1024;

    private const uint Movie = 0x6D6F6F76; // moov
    private const uint Media = 0x6D646174; // mdat
    private const uint Fragment = 0x6D6F6F66; // moof
    private const uint FragmentIndex = 0x6D667261; // mfra

    private readonly byte[] _header = new byte[LongHeader];
    private int _headerFilled;
    private long _length;
    private uint _type;
    private long _leftInBox;
    private bool _lastsToTheEnd;
    private bool _hasBoxes;
    private bool _hasMovie;
    private bool _hasMedia;
    private bool _hasFragments;

    /// <summary>Bytes follow that are no box, and are ignored.</summary>
    private bool _hasRest;
    private ArrayBufferWriter<byte>? _movie;
    private MovieIndex _index;

    /// <summary>Whether a video may start with these bytes: <c>ftyp</c>, or a box that QuickTime and segments have instead.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> start) =>
        start.Length >= StartLength
        && BinaryPrimitives.ReadUInt32BigEndian(start) is 0 or 1 or >= ShortHeader
        && IsKnown(BinaryPrimitives.ReadUInt32BigEndian(start[4..]));

    /// <summary>Judges whether the bytes read are a complete video.</summary>
    /// <param name="isLengthAnnounced">Whether the host announced their number.</param>
    public Completeness Judge(bool isLengthAnnounced)
    {
        var (hasMovie, index) = (_hasMovie, _index);
        if (_lastsToTheEnd && _movie is not null)
        {
            (hasMovie, index) = (MovieIndex.IsSequenceOfBoxes(_movie.WrittenSpan), MovieIndex.Read(_movie.WrittenSpan));
        }

        var isTruncated = _leftInBox > 0 && IsKnown(_type);
        if (!hasMovie || !_hasMedia || isTruncated || _length < index.End)
        {
            return Completeness.Incomplete;
        }

        var isFragmented = _hasFragments || index.IsFragmented;
        var isSure = _hasRest || _leftInBox > 0 || _headerFilled > 0 ? isLengthAnnounced && !isFragmented
            : isFragmented ? _type == FragmentIndex // Only this index, which few programs write, says which fragment is the last.
            : !_lastsToTheEnd || isLengthAnnounced || (_type == Media && index.IsExact);
        return isSure ? Completeness.Complete : Completeness.Unknown;
    }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        while (!bytes.IsEmpty && !_hasRest)
        {
            if (_lastsToTheEnd)
            {
                _hasMedia |= _type == Media;
                if (_movie is not null && _movie.WrittenCount + bytes.Length <= MaxMovieLength)
                {
                    _movie.Write(bytes);
                }
                else
                {
                    _movie = null;
                }

                return;
            }

            if (_leftInBox > 0)
            {
                var passed = (int)Math.Min(_leftInBox, bytes.Length);
                _movie?.Write(bytes[..passed]);
                _leftInBox -= passed;
                bytes = bytes[passed..];
                if (_leftInBox == 0)
                {
                    LeaveBox();
                }

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
            return; // The size follows the type, in eight bytes of its own.
        }

        var header = _headerFilled;
        _headerFilled = 0;
        _type = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
        _lastsToTheEnd = size == 0 && IsKnown(_type);
        size = size == 1 ? BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(ShortHeader)) : size;
        _hasRest = (!_lastsToTheEnd && size < header) || (!_hasBoxes && !IsKnown(_type));
        _hasBoxes = true;
        if (_hasRest || _lastsToTheEnd)
        {
            _movie = _lastsToTheEnd && _type == Movie ? new ArrayBufferWriter<byte>() : null;
            return;
        }

        _leftInBox = size - header;
        _hasFragments |= _type == Fragment;
        _hasMedia |= _type == Media && _leftInBox > 0; // Until all of it is read, the file counts as truncated.
        _movie = _type == Movie && _leftInBox <= MaxMovieLength ? new ArrayBufferWriter<byte>() : null;
        if (_leftInBox == 0)
        {
            LeaveBox();
        }
    }

    private void LeaveBox()
    {
        if (_type != Movie)
        {
            return;
        }

        _hasMovie = true;
        _index = _movie is null ? default : MovieIndex.Read(_movie.WrittenSpan);
        _movie = null;
    }

    /// <summary>Whether files have such a box at their top level.</summary>
    private static bool IsKnown(uint type) => type is Movie or Media or Fragment or FragmentIndex
        or 0x66747970 or 0x73747970 // ftyp styp
        or 0x66726565 or 0x736B6970 or 0x77696465 // free skip wide
        or 0x75756964 or 0x75647461 or 0x6D657461 // uuid udta meta
        or 0x73696478 or 0x73736978 or 0x656D7367 or 0x70726674 // sidx ssix emsg prft
        or 0x7064696E or 0x706E6F74; // pdin pnot
}
