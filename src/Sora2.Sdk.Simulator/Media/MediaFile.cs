using System.Globalization;
using System.Security.Cryptography;

namespace Sora2.Sdk.Simulator;

/// <summary>A file and what changes when it does: its tag and its date.</summary>
internal sealed record MediaFile(string ContentType, Content Content, string ETag, string LastModified)
{
    public static MediaFile Of(string contentType, Content content, DateTimeOffset lastModified) => new(
        contentType,
        content,
        FormattableString.Invariant($"\"{Convert.ToHexString(SHA256.HashData(content.Head.Span), 0, 8)}-{content.Length:X}-{content.Seed}\""),
        lastModified.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The file, or the part of it that was asked for.</summary>
    public Answer AnswerTo(ReceivedRequest request)
    {
        // A date in If-Range counts where it is well before Date, so both come from one clock.
        var whole = new Answer(200, ContentType, Content)
            .With("ETag", ETag)
            .With("Last-Modified", LastModified)
            .With("Date", request.At.ToString("R", CultureInfo.InvariantCulture))
            .With("Accept-Ranges", "bytes");
        var range = ByteRange.Asked(request, this);
        if (range.IsWhole)
        {
            return whole;
        }

        if (!range.IsSatisfiable)
        {
            return Answer.Empty(416).With("Content-Range", FormattableString.Invariant($"bytes */{Content.Length}"));
        }

        var treatment = request.Fault.Ranges;
        var told = treatment == RangeTreatment.FromTheStart ? range.MovedTo(0) : range;
        var sent = treatment == RangeTreatment.Mislabelled ? range.MovedTo(0) : told;
        return (whole with { StatusCode = 206, Body = Content.Slice(sent.From, sent.Length) })
            .With("Content-Range", FormattableString.Invariant($"bytes {told.From}-{told.To}/{Content.Length}"));
    }
}
