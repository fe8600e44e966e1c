using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Submissions;

/// <summary>A request that costs money, ready to be sent: a video of any kind, or a character.</summary>
internal sealed record PaidRequest
{
    /// <summary>Shorter extra fields are values to choose from, as a rule; they are not redacted from logs.</summary>
    private const int MinTextLength = 8;

    /// <summary>The request as the adapter encoded it.</summary>
    public required ApiRequest Request { get; init; }

    /// <summary>The caller's prompt or source. Exceptions only get a digest of it.</summary>
    public required string Subject { get; init; }

    /// <summary>The kind of its record.</summary>
    public required TaskRecordKind RecordKind { get; init; }

    public string? Model { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>The finished task that something is made from, or null.</summary>
    public string? SourceTaskId { get; init; }

    /// <summary>
    /// The caller's own texts. Platforms quote them; they reach a log only with <see cref="Sora2ClientOptions.LogPrompts"/>.
    /// </summary>
    public PromptTexts Texts { get; init; } = PromptTexts.None;

    /// <summary>The request as the caller wrote it; null for a character.</summary>
    public GenerationRequest? Original { get; init; }

    /// <summary>The caller's own name for this piece of work.</summary>
    public string? Key => Original?.Key;

    /// <summary>The digest of the original request, if it has a key.</summary>
    public string? Fingerprint => Key is null ? null : field ??= RequestFingerprint.Of(Original!);

    /// <summary>The prompt or source as it is recorded: an address may be signed.</summary>
    public string RecordedSubject { get; private init; } = "";

    /// <summary>How it is submitted.</summary>
    public Attempting How { get; init; } = Attempting.Once;

    /// <summary>Creates the request for a video.</summary>
    /// <param name="platform">The adapter that encodes it.</param>
    /// <param name="original">The caller's request.</param>
    /// <param name="resolved">The request with its defaults and mentions resolved.</param>
    /// <param name="how">How it is submitted.</param>
    public static PaidRequest For(Sora2Platform platform, GenerationRequest original, GenerationRequest resolved, Attempting how)
    {
        var prompt = original.GetPrompt();
        return new()
        {
            Request = platform.Encode(resolved),
            Original = how.Original ?? original,
            How = how,
            RecordKind = original switch
            {
                Storyboard => TaskRecordKind.Storyboard,
                RemixRequest => TaskRecordKind.Remix,
                _ => TaskRecordKind.Video,
            },
            Subject = prompt, // the caller's own words, to be found in the caller's own records
            RecordedSubject = prompt,
            Model = resolved.Model,
            Duration = resolved.TargetDuration,
            SourceTaskId = (original as RemixRequest)?.Source.Id,
            Texts = new PromptTexts([prompt, .. TextsOf(original), .. TextsOf(resolved)]),
        };
    }

    /// <summary>Creates the request for a character.</summary>
    public static PaidRequest ForCharacter(Sora2Platform platform, CharacterRequest request) => new()
    {
        Request = platform.EncodeCharacter(request),
        RecordKind = TaskRecordKind.Character,
        Subject = request.Source?.Id ?? request.Url!.AbsoluteUri,
        RecordedSubject = request.Source?.Id ?? Redaction.WithoutQuery(request.Url!),
        SourceTaskId = request.Source?.Id,
    };

    /// <summary>Returns the texts of a request that are not to be logged, with the sentences among the extra fields.</summary>
    private static IEnumerable<string> TextsOf(GenerationRequest request)
    {
        IEnumerable<string> texts = request is Storyboard storyboard ? storyboard.Shots.Select(shot => shot.Scene) : [request.GetPrompt()];
        var extra = request.ExtraFields?.Select(
            field => field.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "") ?? [];
        return texts.Concat(extra.Append(request.NegativePrompt ?? "").Where(text => text.Length > MinTextLength));
    }
}
