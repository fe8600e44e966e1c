using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Submissions;

/// <summary>A request that costs money, ready to be sent: a video, a storyboard or a character.</summary>
internal sealed record PaidRequest
{
    /// <summary>Shorter extra fields are values to choose from, as a rule; they are not redacted from logs.</summary>
    private const int MinTextLength = 8;

    /// <summary>The request as the adapter encoded it.</summary>
    public required ApiRequest Request { get; init; }

    /// <summary>The caller's prompt or source. Exceptions only get a digest of it.</summary>
    public required string Subject { get; init; }

    /// <summary>The kind of task record, or null if no task comes of it.</summary>
    public TaskRecordKind? RecordKind { get; init; }

    public string? Model { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>The finished task that something is made from, or null.</summary>
    public string? SourceTaskId { get; init; }

    /// <summary>
    /// The caller's own texts. Platforms quote them; they reach a log only with <see cref="Sora2ClientOptions.LogPrompts"/>.
    /// </summary>
    public PromptTexts Texts { get; init; } = PromptTexts.None;

    /// <summary>Called whenever the request has to wait for a limit.</summary>
    public Action? OnWaiting { get; init; }

    /// <summary>Whether an attempt that began is not cancelled, so that its outcome is known.</summary>
    public bool CompletesOnceSent { get; init; }

    /// <summary>Creates the request for a video.</summary>
    /// <param name="platform">The adapter that encodes it.</param>
    /// <param name="original">The caller's request.</param>
    /// <param name="resolved">The request with its defaults and mentions resolved.</param>
    public static PaidRequest ForVideo(Sora2Platform platform, VideoRequest original, VideoRequest resolved) => new()
    {
        Request = platform.EncodeVideo(resolved),
        RecordKind = TaskRecordKind.Video,
        Subject = original.Prompt, // the caller's own words, to be found in the caller's own records
        Model = resolved.Model,
        Duration = resolved.Duration,
        Texts = new PromptTexts([original.Prompt, resolved.Prompt, .. TextsOf(original.ExtraFields)]),
    };

    /// <summary>Creates the request for a storyboard.</summary>
    /// <inheritdoc cref="ForVideo"/>
    public static PaidRequest ForStoryboard(Sora2Platform platform, Storyboard original, Storyboard resolved)
    {
        var prompt = original.ToPrompt();
        return new()
        {
            Request = platform.EncodeStoryboard(resolved),
            RecordKind = TaskRecordKind.Storyboard,
            Subject = prompt,
            Model = resolved.Model,
            Duration = resolved.TotalDuration,
            Texts = new PromptTexts(
                [prompt, .. original.Shots.Concat(resolved.Shots).Select(shot => shot.Scene), .. TextsOf(original.ExtraFields)]),
        };
    }

    /// <summary>Creates the request for a character.</summary>
    public static PaidRequest ForCharacter(Sora2Platform platform, CharacterRequest request) => new()
    {
        Request = platform.EncodeCharacter(request),
        Subject = request.TaskId ?? request.Url!.AbsoluteUri,
        SourceTaskId = request.TaskId,
    };

    /// <summary>Returns the sentences among the extra fields, such as a negative prompt.</summary>
    private static IEnumerable<string> TextsOf(JsonObject? fields) => fields?
        .Select(field => field.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "")
        .Where(text => text.Length > MinTextLength) ?? [];
}
