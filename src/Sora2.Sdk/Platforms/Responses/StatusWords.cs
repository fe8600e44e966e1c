using System.Collections.Frozen;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Every status word and number that a relay has been seen to use.</summary>
/// <remarks>
/// An unknown word, or none, keeps the wait running: it must not end a task that was paid for. Source: both platform documents and
/// captured traffic of 2025-09 to 2025-11; new-api, Kling, Vidu, Ark and xAI as read by clients of other relays, 2026-08 to 2026-11.
/// </remarks>
internal static class StatusWords
{
    private static readonly string[] Prefixes =
        ["task_status_", "video_status_", "job_status_", "task_state_", "job_state_", "status_", "state_"];

    private static readonly FrozenDictionary<string, VideoTaskStatus> Known = CreateTable(
        (VideoTaskStatus.NotStarted, "not_start not_started pending 100 101"),
        (VideoTaskStatus.InProgress, """
            queued submitted processing running generating in_progress image_downloading video_generating video_upsampling 102
            waiting wait queueing queuing in_queue initializing created accepted preparing dreaming throttled
            video_generation_completed video_upsampling_completed
            """),
        (VideoTaskStatus.Succeeded, "completed complete success succeeded succeed done finished finish ok ready 103"),
        (VideoTaskStatus.Failed, """
            failed failure fail error cancelled canceled expired rejected timeout timed_out aborted blocked nsfw 104
            video_generation_failed video_generating_failed video_upsampling_failed image_downloading_failed
            image_download_failed upload_failed download_failed
            generation_failed generate_failed task_failed
            """)); // Failed steps by their full names: another word with such an ending may be about an attempt, not the task.

    public static VideoTaskStatus Parse(string? word)
    {
        if (word is null)
        {
            return VideoTaskStatus.Unknown;
        }

        if (Known.TryGetValue(word, out var status))
        {
            return status;
        }

        var plain = word.AsSpan().IndexOfAny(" -") < 0 ? word : word.Replace(' ', '_').Replace('-', '_');
        foreach (var prefix in Prefixes)
        {
            if (plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                plain = plain[prefix.Length..];
                break;
            }
        }

        return !ReferenceEquals(plain, word) && Known.TryGetValue(plain, out status) ? status : VideoTaskStatus.Unknown;
    }

    private static FrozenDictionary<string, VideoTaskStatus> CreateTable(params (VideoTaskStatus Status, string Words)[] groups) => groups
        .SelectMany(group => group.Words
            .Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => KeyValuePair.Create(word, group.Status)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
