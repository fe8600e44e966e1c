using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>What is kept beside a part of a video, so that a later call, in another process as well, can go on with it. Holds no link: a link's query is signed.</summary>
/// <param name="Platform">The platform of the task.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Tag">The entity tag of the version.</param>
/// <param name="LastModified">The date of the version.</param>
/// <param name="Length">The whole video's length in bytes.</param>
/// <param name="ContentType">The content type that the host gave.</param>
/// <param name="Bytes">How many of the part's bytes count.</param>
/// <param name="Checksum">Of those bytes: what the disk kept may differ after a power cut.</param>
internal sealed record PartialRecord(string Platform, string TaskId, string? Tag, DateTimeOffset? LastModified, long Length, string? ContentType, long Bytes, Checksum Checksum)
{
    [JsonIgnore]
    public EntityVersion Version => new(Tag, LastModified, Length);

    public bool IsOf(VideoTask task) => Platform == task.Platform && TaskId == task.Id && Bytes > 0 && Bytes <= Length && (Tag is not null || LastModified is not null);
}
