using System.Buffers;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Platforms.Wire;

/// <summary>Collects the segments of a body; adjacent literal bytes become one segment.</summary>
internal sealed class SegmentWriter
{
    private readonly List<BodySegment> _segments = [];
    private ArrayBufferWriter<byte> _literal = new();

    public void Write(ReadOnlySpan<byte> bytes) => _literal.Write(bytes);

    public void Write(LoadedImage image, bool asBase64)
    {
        EndLiteral();
        _segments.Add(new BodySegment(default, image, asBase64));
    }

    public IReadOnlyList<BodySegment> ToSegments()
    {
        EndLiteral();
        return _segments;
    }

    private void EndLiteral()
    {
        if (_literal.WrittenCount > 0)
        {
            _segments.Add(new BodySegment(_literal.WrittenMemory));
            _literal = new ArrayBufferWriter<byte>();
        }
    }
}
