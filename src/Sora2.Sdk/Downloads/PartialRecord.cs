using System.Text.Json.Serialization;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>The record beside a partial file, with which a later call, in another process as well, can continue it.</summary>
/// <remarks>Contains no link, as the query of a link is a signature.</remarks>
/// <param name="Platform">The platform of the task.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Tag">The entity tag of the version.</param>
/// <param name="LastModified">The date of the version.</param>
/// <param name="Length">The length of the whole video in bytes.</param>
/// <param name="ContentType">The content type that the host gave.</param>
/// <param name="Bytes">How many bytes of the partial file count.</param>
/// <param name="Hash">XXH3 of those bytes, as the disk may have lost some in a power cut.</param>
internal sealed record PartialRecord(
    string Platform,
    string TaskId,
    string? Tag,
    DateTimeOffset? LastModified,
    long Length,
    string? ContentType,
    long Bytes,
    ulong Hash)
{
    [JsonIgnore]
    public EntityVersion Version => new(Tag, LastModified, Length);

    public bool IsOf(VideoTask task) =>
        Platform == task.PlatformName && TaskId == task.Id
        && Bytes > 0 && Bytes <= Length
        && (Tag is not null || LastModified is not null);
}
