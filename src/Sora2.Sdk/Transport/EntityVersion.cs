using System.Net;
using System.Net.Http.Headers;

namespace Sora2.Sdk.Transport;

/// <summary>Which version of a file an answer is of, as far as HTTP can tell: what a part may be joined to. Strong tags and old dates only, and a known length.</summary>
/// <param name="Tag">The strong entity tag, with its quotes.</param>
/// <param name="LastModified">When the file last changed; only used without a tag.</param>
/// <param name="Length">The whole file's length in bytes.</param>
internal sealed record EntityVersion(string? Tag, DateTimeOffset? LastModified, long Length)
{
    /// <summary>A date has the resolution of a second and clocks differ: a younger one may stand for two versions (RFC 9110, 8.8.2.2).</summary>
    private static readonly TimeSpan OldEnough = TimeSpan.FromMinutes(1);

    /// <summary>To be sent along with a range: the part is wanted only if the file is still this one.</summary>
    public RangeConditionHeaderValue Condition => Tag is not null ? new RangeConditionHeaderValue(new EntityTagHeaderValue(Tag)) : new RangeConditionHeaderValue(LastModified!.Value);

    /// <summary>The version that an answer is of, or null if a part of it could not be joined to another.</summary>
    public static EntityVersion? TryFrom(HttpResponseMessage answer)
    {
        var content = answer.Content.Headers;
        var length = answer.StatusCode == HttpStatusCode.PartialContent ? content.ContentRange?.Length : content.ContentLength;
        if (length is not { } known || content.ContentEncoding.Count > 0 || answer.Headers.AcceptRanges.Contains("none"))
        {
            return null;
        }

        if (answer.Headers.ETag is { IsWeak: false } tag)
        {
            return new EntityVersion(tag.Tag, LastModified: null, known);
        }

        return content.LastModified is { } changed && answer.Headers.Date - changed >= OldEnough ? new EntityVersion(Tag: null, changed, known) : null;
    }

    /// <summary>Whether an answer to a question for a part of this version only is one: with the same strong tag, which it has to repeat (RFC 9110, 15.3.7), or the same date if it names one.</summary>
    public bool HasPart(HttpResponseMessage answer)
    {
        var content = answer.Content.Headers;
        return content.ContentRange is { Unit: "bytes", From: not null } range && (range.Length is null || range.Length == Length) && content.ContentEncoding.Count == 0
            && (Tag is not null ? answer.Headers.ETag is { IsWeak: false } tag && tag.Tag == Tag : content.LastModified is null || content.LastModified == LastModified);
    }
}
