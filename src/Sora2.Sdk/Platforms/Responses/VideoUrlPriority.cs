namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Which of the addresses in a response is the video: the first of this order.</summary>
/// <remarks>Source: the union of captured responses, both documents and clients of other relays, 2025-09 to 2026-11.</remarks>
internal static class VideoUrlPriority
{
    public const int VideoUrl = 0;
    public const int Output = 1;
    public const int FirstOutput = 2;
    public const int Url = 3;
    public const int ResultUrl = 4;
    public const int DetailUrl = 5;
    public const int DetailVideoUrl = 6;
    public const int DraftDownloadableUrl = 7;
    public const int DraftUrl = 8;

    /// <summary>Of new-api; empty while the task runs.</summary>
    public const int Metadata = 20;

    public const int NestedVideo = 21;

    /// <summary>Of Ark.</summary>
    public const int Content = 22;

    /// <summary>Of Kling.</summary>
    public const int TaskResult = 23;

    public const int Results = 24;
    public const int OutputObject = 25;
    public const int Result = 26;
    public const int Videos = 27;

    /// <summary>Of Vidu.</summary>
    public const int Creations = 28;

    /// <summary>Of Luma.</summary>
    public const int Assets = 29;

    /// <summary>Other fields of <c>metadata</c>, which may also be what the caller sent.</summary>
    public const int MetadataOther = 40;

    /// <summary>Of new-api before it had a field for the address.</summary>
    public const int FailReason = 50;

    /// <summary>A video with a watermark: used only if there is no other.</summary>
    public const int Watermarked = 60;

    /// <summary>Returns the priority of an address in a field, directly or in an object or list; null if the field has none.</summary>
    public static int? Find(TaskField field, TaskPart part) => field switch
    {
        TaskField.VideoUrl => part switch { TaskPart.Output => OutputObject, TaskPart.Result => Result, _ => VideoUrl },
        TaskField.Url => part switch { TaskPart.Output => OutputObject, TaskPart.Result => Result, _ => Url },
        TaskField.Output => Output,
        TaskField.Outputs => FirstOutput,
        TaskField.ResultUrl or TaskField.DownloadableUrl => ResultUrl,
        TaskField.Video => NestedVideo,
        TaskField.Metadata => Metadata,
        TaskField.Content => Content,
        TaskField.TaskResult => TaskResult,
        TaskField.Results => Results,
        TaskField.Result or TaskField.Response => Result,
        TaskField.Videos => Videos,
        TaskField.Creations => Creations,
        TaskField.Assets => Assets,
        TaskField.WatermarkedUrl => Watermarked,
        _ => null,
    };

    /// <summary>Returns the position in the order of a priority at a depth of <c>data</c> below the task.</summary>
    public static int Order(int priority, int depth) => (priority, depth) switch
    {
        (VideoUrl, 0) => 0,
        (VideoUrl, _) => 1,
        (Output, > 0) => 2,
        (FirstOutput, > 0) => 3,
        (Url, 0) => 4,
        (Output, _) => 5,
        (ResultUrl, 0) => 6,
        (Url, _) => 7,
        (ResultUrl, _) => 8,
        (DetailUrl, _) => 9,
        (DetailVideoUrl, _) => 10,
        (DraftDownloadableUrl, _) => 11,
        (DraftUrl, _) => 12,
        (FirstOutput, _) => 14,
        _ => priority,
    };
}
