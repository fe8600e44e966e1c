using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A request for a character, from 1 to 3 seconds of a finished task's video or of a video on the web.</summary>
public sealed record CharacterRequest
{
    /// <summary>The finished task whose video shows the character. Set either this or <see cref="Url"/>.</summary>
    public TaskHandle? Source { get; init; }

    /// <summary>The public address of a video that shows the character. Set either this or <see cref="Source"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>The part of the video that shows the character, 1 to 3 seconds long.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>The application's own name for the character in its library, without the <c>@</c>, such as <c>阳光小猫</c>.</summary>
    /// <value><see langword="null"/>, the default, for none.</value>
    /// <remarks>
    /// It needs a <see cref="Sora2ClientOptions.CharacterLibrary"/> and is not sent. An alias that is not valid or in use is refused before
    /// anything is sent.
    /// </remarks>
    public string? Alias { get; init; }

    /// <summary>Creates a request for a character from a finished task's video.</summary>
    /// <param name="source">The task, or its id.</param>
    /// <param name="range">The part of the video, 1 to 3 s long.</param>
    /// <returns>The request.</returns>
    public static CharacterRequest FromTask(TaskHandle source, TimeRange range) => new() { Source = source, Range = range };

    /// <summary>Creates a request for a character from a video on the web.</summary>
    /// <param name="url">The public address of the video, http or https.</param>
    /// <param name="range">The part of the video, 1 to 3 s long.</param>
    /// <returns>The request.</returns>
    public static CharacterRequest FromUrl(Uri url, TimeRange range) => new() { Url = url, Range = range };

    /// <summary>Returns one line with the part and the task or address.</summary>
    public override string ToString() =>
        $"{Range} s of {(Url is null ? $"task {LogSanitizer.SingleLine(Source?.Id)}" : LogSanitizer.SingleLine(Url))}"
        + (Alias is null ? "" : $" as {LogSanitizer.Quoted(Alias)}");
}
