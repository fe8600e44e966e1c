namespace Sora2.Sdk;

/// <summary>Which of the addresses in an answer is the video: the first of this order that is there. Source: the union of captured answers and both documents.</summary>
internal static class UrlRank
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
    public const int NestedVideoUrl = 9;

    /// <summary>The place in the order, for a field at a depth of <c>data</c> below the task.</summary>
    public static int Of(int field, int depth) => (field, depth) switch
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
        (NestedVideoUrl, _) => 13,
        _ => 14,
    };
}
