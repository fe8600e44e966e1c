using System.Collections.Frozen;

namespace Sora2.Sdk;

/// <summary>
/// Every status word and number either platform has been seen to use. Any other, and none at all, means still running: a word nobody knows must not end a
/// task that was paid for. Source: both platform documents and captured traffic of 2025-09 to 2025-11.
/// </summary>
internal static class StatusWords
{
    private static readonly FrozenDictionary<string, VideoTaskStatus> Known = new Dictionary<string, VideoTaskStatus>(StringComparer.OrdinalIgnoreCase)
    {
        ["NOT_START"] = VideoTaskStatus.NotStarted,
        ["pending"] = VideoTaskStatus.NotStarted,
        ["100"] = VideoTaskStatus.NotStarted,
        ["101"] = VideoTaskStatus.NotStarted,
        ["queued"] = VideoTaskStatus.InProgress,
        ["submitted"] = VideoTaskStatus.InProgress,
        ["processing"] = VideoTaskStatus.InProgress,
        ["running"] = VideoTaskStatus.InProgress,
        ["generating"] = VideoTaskStatus.InProgress,
        ["in_progress"] = VideoTaskStatus.InProgress,
        ["image_downloading"] = VideoTaskStatus.InProgress,
        ["video_generating"] = VideoTaskStatus.InProgress,
        ["video_upsampling"] = VideoTaskStatus.InProgress,
        ["102"] = VideoTaskStatus.InProgress,
        ["completed"] = VideoTaskStatus.Succeeded,
        ["complete"] = VideoTaskStatus.Succeeded,
        ["success"] = VideoTaskStatus.Succeeded,
        ["succeeded"] = VideoTaskStatus.Succeeded,
        ["done"] = VideoTaskStatus.Succeeded,
        ["103"] = VideoTaskStatus.Succeeded,
        ["failed"] = VideoTaskStatus.Failed,
        ["failure"] = VideoTaskStatus.Failed,
        ["error"] = VideoTaskStatus.Failed,
        ["cancelled"] = VideoTaskStatus.Failed,
        ["canceled"] = VideoTaskStatus.Failed,
        ["expired"] = VideoTaskStatus.Failed,
        ["104"] = VideoTaskStatus.Failed,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static VideoTaskStatus Read(string? word) =>
        word is null ? VideoTaskStatus.Unknown
        : Known.TryGetValue(word, out var status) ? status
        : word.EndsWith("_failed", StringComparison.OrdinalIgnoreCase) ? VideoTaskStatus.Failed
        : VideoTaskStatus.Unknown;
}
