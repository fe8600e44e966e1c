using Sora2.Sdk.Common;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Checks a request before anything is sent: what no platform takes, and the limits of known models. A refusal names an alternative.
/// Unknown models pass.
/// </summary>
internal static class RequestValidator
{
    private static readonly TimeSpan MaxShot = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinRange = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRange = TimeSpan.FromSeconds(3);

    /// <summary>Checks a request, and with <paramref name="withLimits"/> the model's limits.</summary>
    public static void Validate(Sora2Platform platform, VideoRequest request, bool withLimits)
    {
        CheckText(request.Prompt, "The prompt", "Say what the video shows in VideoRequest.Prompt.");
        CheckImages(request.Images);
        CheckFrame(request.AspectRatio);
        if (!withLimits)
        {
            return;
        }

        CheckFormat(platform, request.Model!, request.Duration ?? VideoFormat.DefaultDuration, request.HighDefinition, advice: "");
    }

    /// <summary>Checks a request, and with <paramref name="withLimits"/> the model's limits.</summary>
    public static void Validate(Sora2Platform platform, Storyboard storyboard, bool withLimits)
    {
        if (storyboard.Shots is null or { Count: 0 })
        {
            throw new Sora2ValidationException("The storyboard has no shots. Add at least one with StoryboardBuilder.AddShot.");
        }

        for (var i = 0; i < storyboard.Shots.Count; i++)
        {
            var shot = storyboard.Shots[i] ?? throw new Sora2ValidationException($"Shot {i + 1} is null.");
            CheckText(shot.Scene, $"The scene of shot {i + 1}", "Say what the shot shows.");
            CheckImages(shot.Images);
            if (shot.Duration <= TimeSpan.Zero || shot.Duration > MaxShot)
            {
                throw new Sora2ValidationException(
                    $"Shot {i + 1} lasts {DurationFormat.Seconds(shot.Duration)} s; a shot lasts more than 0 and at most 3600 s.");
            }
        }

        CheckImages(storyboard.ReferenceImages);
        CheckFrame(storyboard.AspectRatio);
        if (!withLimits)
        {
            return;
        }

        var advice = FormatAdvice.ForShots(platform, storyboard);
        CheckFormat(platform, storyboard.Model!, storyboard.TotalDuration, storyboard.HighDefinition, advice);
    }

    /// <summary>Checks a request, and with <paramref name="withLimits"/> the range.</summary>
    public static void Validate(CharacterRequest request, bool withLimits)
    {
        if (request.TaskId is null == request.Url is null)
        {
            var problem = request.Url is null ? "neither TaskId nor Url is" : "both TaskId and Url are";
            throw new Sora2ValidationException(
                $"A character is made from exactly one source; {problem} set. "
                + "Use CharacterRequest.FromTask or CharacterRequest.FromUrl.");
        }

        if (request.TaskId is not null && string.IsNullOrWhiteSpace(request.TaskId))
        {
            throw new Sora2ValidationException("CharacterRequest.TaskId is empty; give the id of a finished task.");
        }

        if (request.Url is { } url && !UriExtensions.IsHttp(url))
        {
            throw new Sora2ValidationException(
                "CharacterRequest.Url has to be an absolute http or https address that the platform can reach.");
        }

        var range = request.Range;
        var length = range.LengthSeconds;
        // Written so that NaN is refused; 1e-6 allows for sums such as 0.1 + 0.2.
        if (withLimits && !(range.StartSeconds >= 0 && length >= MinRange.TotalSeconds - 1e-6 && length <= MaxRange.TotalSeconds + 1e-6))
        {
            throw new Sora2ValidationException(range.StartSeconds < 0
                ? $"The range {range} begins before the video does; the start is 0 or more. For example new TimeRange(1, 3)."
                : $"The range {range} is {FormattableString.Invariant($"{length:0.###}")} s long; "
                    + "a character is made from 1 to 3 s of a video, counted from 0. For example new TimeRange(1, 3).");
        }
    }

    private static void CheckText(string? text, string what, string advice)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new Sora2ValidationException($"{what} is empty. {advice}");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                throw new Sora2ValidationException(
                    $"{what} has half a character at position {i}, as when an emoji is cut in two; it cannot be sent as UTF-8.");
            }
        }
    }

    private static void CheckImages(IReadOnlyList<ImageInput> images)
    {
        if (images.Any(image => image is null))
        {
            throw new Sora2ValidationException("An image in the list is null. Leave the list empty for text to video.");
        }
    }

    private static void CheckFrame(AspectRatio aspectRatio)
    {
        if (!Enum.IsDefined(aspectRatio))
        {
            throw new Sora2ValidationException(
                $"AspectRatio is {aspectRatio}; it has to be {string.Join(" or ", Enum.GetNames<AspectRatio>())}.");
        }
    }

    private static void CheckFormat(Sora2Platform platform, string model, TimeSpan duration, bool highDefinition, string advice)
    {
        var name = platform.Title;
        if (duration <= TimeSpan.Zero)
        {
            throw new Sora2ValidationException(
                $"A video cannot last {DurationFormat.Seconds(duration)} s. "
                + $"Leave Duration null for {DurationFormat.Seconds(VideoFormat.DefaultDuration)} s, or set a length over 0.");
        }

        // Also for unknown models: a platform without the field would ignore it, and bill a video that the caller did not want.
        if (highDefinition && platform.Models.Count > 0 && !platform.Models.Any(known => known.Durations(highDefinition: true).Count > 0))
        {
            throw new Sora2ValidationException(
                $"{name} has no high definition; {FormatAdvice.ForFormat(platform, duration, highDefinition)}");
        }

        if (platform.FindModel(model) is not { } limits)
        {
            return;
        }

        var durations = limits.Durations(highDefinition);
        if (!durations.Contains(duration))
        {
            throw new Sora2ValidationException(durations.Count == 0
                ? $"{model} on {name} has no high definition; {FormatAdvice.ForFormat(platform, duration, highDefinition)}"
                : $"{name} makes {FormatAdvice.List(durations)} s videos{FormatAdvice.Quality(highDefinition)} with {model}; "
                    + $"{FormatAdvice.ForFormat(platform, duration, highDefinition)}{advice}");
        }
    }
}
