using System.Globalization;
using System.Security.Cryptography;
using Sora2.Sdk.Simulator.Faults;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Media;

/// <summary>A file with its validators, <c>ETag</c> and <c>Last-Modified</c>.</summary>
internal sealed record MediaFile(string ContentType, Content Content, string ETag, string LastModified)
{
    public static MediaFile Create(string contentType, Content content, DateTimeOffset lastModified)
    {
        var hash = Convert.ToHexString(SHA256.HashData(content.Head.Span), 0, 8);
        return new MediaFile(
            contentType,
            content,
            FormattableString.Invariant($"\"{hash}-{content.Length:X}-{content.Seed}\""),
            lastModified.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Creates the response with the file, or with the requested range of it.</summary>
    public SimulatedResponse ToResponse(ReceivedRequest request)
    {
        // A date in If-Range is valid only when it is well before Date, so both come from the same clock.
        var complete = new SimulatedResponse(200, ContentType, Content)
            .With("ETag", ETag)
            .With("Last-Modified", LastModified)
            .With("Date", request.At.ToString("R", CultureInfo.InvariantCulture))
            .With("Accept-Ranges", "bytes");
        var range = ByteRange.FromRequest(request, this);
        if (range.IsComplete)
        {
            return complete;
        }

        if (!range.IsSatisfiable)
        {
            return SimulatedResponse.Empty(416).With("Content-Range", FormattableString.Invariant($"bytes */{Content.Length}"));
        }

        var treatment = request.Fault.Ranges;
        var announced = treatment == RangeTreatment.FromStart ? range.MovedTo(0) : range;
        var sent = treatment == RangeTreatment.Mislabelled ? range.MovedTo(0) : announced;
        return (complete with { StatusCode = 206, Body = Content.Slice(sent.From, sent.Length) })
            .With("Content-Range", FormattableString.Invariant($"bytes {announced.From}-{announced.To}/{Content.Length}"));
    }
}
