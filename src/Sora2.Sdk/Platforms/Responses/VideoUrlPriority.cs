namespace Sora2.Sdk.Platforms.Responses;

/// <summary>
/// Which of the addresses in an answer is the video: the first of this order that is there. Source: the union of captured answers, both
/// documents and clients of other relays, 2025-09 to 2026-11.
/// </summary>
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

    /// <summary>new-api's, empty while the task runs.</summary>
    public const int Metadata = 20;

    public const int NestedVideo = 21;

    /// <summary>Ark's.</summary>
    public const int Content = 22;

    /// <summary>Kling's.</summary>
    public const int TaskResult = 23;

    public const int Results = 24;
    public const int OutputObject = 25;
    public const int Result = 26;
    public const int Videos = 27;

    /// <summary>Vidu's.</summary>
    public const int Creations = 28;

    /// <summary>Luma's.</summary>
    public const int Assets = 29;

    /// <summary>Other fields of <c>metadata</c>: they may as well be what the caller sent.</summary>
    public const int MetadataOther = 40;

    /// <summary>new-api before it had a field for the address.</summary>
    public const int FailReason = 50;

    /// <summary>A video, but not the one to take if there is another.</summary>
    public const int Watermarked = 60;

    /// <summary>The place in the order, for a field at a depth of <c>data</c> below the task.</summary>
    public static int Get(int field, int depth) => (field, depth) switch
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
        _ => field,
    };
}
