using System.Net;
using System.Net.Http.Headers;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The version of a file that a response has, by which parts may be joined: a strong tag or an old date, and a known length.
/// </summary>
/// <param name="Tag">The strong entity tag, with its quotes.</param>
/// <param name="LastModified">When the file last changed; only used without a tag.</param>
/// <param name="Length">The whole file's length in bytes.</param>
internal sealed record EntityVersion(string? Tag, DateTimeOffset? LastModified, long Length)
{
    /// <summary>
    /// Dates have a resolution of one second and clocks differ, so a recent one may mean two versions (RFC 9110, 8.8.2.2).
    /// </summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    /// <summary>The If-Range header of a request for a part of this version only.</summary>
    public RangeConditionHeaderValue Condition => Tag is not null
        ? new RangeConditionHeaderValue(new EntityTagHeaderValue(Tag))
        : new RangeConditionHeaderValue(LastModified!.Value);

    /// <summary>Returns the version of a response, or null if parts of it cannot be joined safely.</summary>
    public static EntityVersion? TryFrom(HttpResponseMessage response)
    {
        var content = response.Content.Headers;
        var length = response.StatusCode == HttpStatusCode.PartialContent ? content.ContentRange?.Length : content.ContentLength;
        if (length is not { } known || content.ContentEncoding.Count > 0 || response.Headers.AcceptRanges.Contains("none"))
        {
            return null;
        }

        if (response.Headers.ETag is { IsWeak: false } tag)
        {
            return new EntityVersion(tag.Tag, LastModified: null, known);
        }

        return content.LastModified is { } changed && response.Headers.Date - changed >= MinAge
            ? new EntityVersion(Tag: null, changed, known)
            : null;
    }

    /// <summary>
    /// Returns whether a partial response is of this version: it has the same strong tag, which it has to repeat (RFC 9110, 15.3.7), or the
    /// same date if it has one.
    /// </summary>
    public bool HasPart(HttpResponseMessage response)
    {
        var content = response.Content.Headers;
        return content.ContentRange is { Unit: "bytes", From: not null } range
            && (range.Length is null || range.Length == Length)
            && content.ContentEncoding.Count == 0
            && (Tag is not null
                ? response.Headers.ETag is { IsWeak: false } tag && tag.Tag == Tag
                : content.LastModified is null || content.LastModified == LastModified);
    }
}
