using System.Net.Http.Headers;
using Sora2.Sdk.Simulator.Faults;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Media;

/// <summary>The requested range of a file. A request for several ranges gets the complete file, as the standard allows.</summary>
internal readonly record struct ByteRange(long From, long To, bool IsComplete, bool IsSatisfiable)
{
    public long Length => To - From + 1;

    private static ByteRange Complete => new(0, 0, IsComplete: true, IsSatisfiable: true);

    private static ByteRange Unsatisfiable => new(0, 0, IsComplete: false, IsSatisfiable: false);

    public static ByteRange FromRequest(ReceivedRequest request, MediaFile file)
    {
        var treatment = request.Fault.Ranges;
        if (treatment == RangeTreatment.Ignored
            || !request.Headers.TryGetValue("Range", out var header)
            || !RangeHeaderValue.TryParse(header, out var value)
            || value.Unit != "bytes"
            || value.Ranges.Count != 1)
        {
            return Complete;
        }

        if (treatment == RangeTreatment.Refused)
        {
            return Unsatisfiable;
        }

        // If-Range: a part only if the file is the version of which the client has the beginning.
        if (request.Headers.TryGetValue("If-Range", out var condition)
            && condition != file.ETag
            && condition != file.LastModified)
        {
            return Complete;
        }

        return Within(value.Ranges.Single(), file.Content.Length);
    }

    public ByteRange MovedTo(long from) => this with { From = from, To = from + Length - 1 };

    private static ByteRange Within(RangeItemHeaderValue range, long length)
    {
        if (range.From is not { } from)
        {
            var last = Math.Min(range.To ?? 0, length);
            return last == 0 ? Unsatisfiable : Between(length - last, length - 1);
        }

        return from >= length ? Unsatisfiable : Between(from, Math.Min(range.To ?? long.MaxValue, length - 1));
    }

    private static ByteRange Between(long from, long to) => new(from, to, IsComplete: false, IsSatisfiable: true);
}
