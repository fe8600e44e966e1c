using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A request for a character, from 1 to 3 seconds of a finished task's video or of a video on the web.</summary>
public sealed record CharacterRequest
{
    /// <summary>The id of the finished task whose video shows the character. Set either this or <see cref="Url"/>.</summary>
    public string? TaskId { get; init; }

    /// <summary>The public address of a video that shows the character. Set either this or <see cref="TaskId"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>The part of the video that shows the character, 1 to 3 seconds long.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>Creates a request for a character from a finished task's video.</summary>
    /// <param name="taskId">The task's id.</param>
    /// <param name="range">The part of the video, 1 to 3 s long.</param>
    /// <returns>The request.</returns>
    public static CharacterRequest FromTask(string taskId, TimeRange range) => new() { TaskId = taskId, Range = range };

    /// <summary>Creates a request for a character from a video on the web.</summary>
    /// <param name="url">The public address of the video, http or https.</param>
    /// <param name="range">The part of the video, 1 to 3 s long.</param>
    /// <returns>The request.</returns>
    public static CharacterRequest FromUrl(Uri url, TimeRange range) => new() { Url = url, Range = range };

    /// <summary>Returns one line with the part and the task or address.</summary>
    public override string ToString() =>
        $"{Range} s of {(Url is null ? $"task {LogSanitizer.SingleLine(TaskId)}" : LogSanitizer.SingleLine(Url))}";
}
