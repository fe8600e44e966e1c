using System.Net.Http.Headers;

namespace Sora2.Sdk.Simulator;

/// <summary>The part of a file that a request asks for: one range; several at once are answered with the whole, as the standard allows.</summary>
internal readonly record struct ByteRange(long From, long To, bool IsWhole, bool IsSatisfiable)
{
    public long Length => To - From + 1;

    private static ByteRange Whole => new(0, 0, IsWhole: true, IsSatisfiable: true);

    private static ByteRange Unsatisfiable => new(0, 0, IsWhole: false, IsSatisfiable: false);

    public static ByteRange Asked(ReceivedRequest request, MediaFile file)
    {
        var treatment = request.Fault.Ranges;
        if (treatment == RangeTreatment.Ignored
            || !request.Headers.TryGetValue("Range", out var header)
            || !RangeHeaderValue.TryParse(header, out var value)
            || value.Unit != "bytes"
            || value.Ranges.Count != 1)
        {
            return Whole;
        }

        if (treatment == RangeTreatment.Refused)
        {
            return Unsatisfiable;
        }

        // If-Range: a part only if the file is still the one the client has the beginning of.
        if (request.Headers.TryGetValue("If-Range", out var condition) && condition != file.ETag && condition != file.LastModified)
        {
            return Whole;
        }

        return Within(value.Ranges.Single(), file.Content.Length);
    }

    public ByteRange MovedTo(long from) => this with { From = from, To = from + Length - 1 };

    private static ByteRange Within(RangeItemHeaderValue range, long length)
    {
        if (range.From is not { } from)
        {
            var last = Math.Min(range.To ?? 0, length);
            return last == 0 ? Unsatisfiable : Of(length - last, length - 1);
        }

        return from >= length ? Unsatisfiable : Of(from, Math.Min(range.To ?? long.MaxValue, length - 1));
    }

    private static ByteRange Of(long from, long to) => new(from, to, IsWhole: false, IsSatisfiable: true);
}
