using Sora2.Sdk.Common;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Checks a request before anything is sent: what no platform takes, and the limits of known models. A refusal names an alternative.
/// Unknown models pass.
/// </summary>
internal static class RequestValidator
{
    private const int MaxKeyLength = 200;
    private static readonly TimeSpan MaxShot = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinRange = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRange = TimeSpan.FromSeconds(3);

    /// <summary>Checks a request, and with <paramref name="withLimits"/> the model's limits.</summary>
    /// <param name="platform">The adapter of the platform.</param>
    /// <param name="request">The request with its defaults resolved.</param>
    /// <param name="withLimits">Whether to check what the model's page says.</param>
    public static void Validate(Sora2Platform platform, GenerationRequest request, bool withLimits)
    {
        var advice = "";
        switch (request)
        {
            case Storyboard storyboard:
                CheckShots(storyboard);
                advice = withLimits ? FormatAdvice.ForShots(platform, storyboard) : "";
                break;
            case RemixRequest remix:
                CheckRemix(remix);
                break;
            default:
                CheckText(request.GetPrompt(), "The prompt", "Say what the video shows in VideoRequest.Prompt.");
                break;
        }

        CheckImages(request.SentImages);
        CheckKey(request.Key);
        if (request.NegativePrompt is not null)
        {
            CheckText(request.NegativePrompt, "The negative prompt", "Leave it null, or say what the video should not show.");
        }

        if (withLimits)
        {
            if (request is not RemixRequest)
            {
                CheckFormat(platform, request, advice);
                CheckOptions(platform, request);
            }

            CheckExtraFields(platform, request);
        }
    }

    /// <summary>Checks a request, and with <paramref name="withLimits"/> the range.</summary>
    public static void Validate(CharacterRequest request, bool withLimits)
    {
        if (request.Source is null == request.Url is null)
        {
            var problem = request.Url is null ? "neither Source nor Url is" : "both Source and Url are";
            throw new Sora2ValidationException(
                $"A character is made from exactly one source; {problem} set. "
                + "Use CharacterRequest.FromTask or CharacterRequest.FromUrl.");
        }

        if (request.Source is not null && string.IsNullOrWhiteSpace(request.Source.Id))
        {
            throw new Sora2ValidationException("CharacterRequest.Source is empty; give the id of a finished task.");
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

    private static void CheckKey(string? key)
    {
        if (key is null)
        {
            return;
        }

        CheckText(key, "The key", "Leave it null, or give this piece of work a name of your own.");
        if (key.Length > MaxKeyLength || key.Any(char.IsControl))
        {
            throw new Sora2ValidationException(
                $"The key \"{LogSanitizer.SingleLine(key, 40)}\" cannot be used: "
                + $"a key has at most {MaxKeyLength} characters, and no control characters.");
        }
    }

    private static void CheckImages(IReadOnlyList<ImageInput> images)
    {
        if (images.Any(image => image is null))
        {
            throw new Sora2ValidationException("An image in the list is null. Leave the list empty for text to video.");
        }
    }

    private static void CheckShots(Storyboard storyboard)
    {
        if (storyboard.Shots is null or { Count: 0 })
        {
            throw new Sora2ValidationException("The storyboard has no shots. Add at least one with StoryboardBuilder.AddShot.");
        }

        for (var i = 0; i < storyboard.Shots.Count; i++)
        {
            var shot = storyboard.Shots[i] ?? throw new Sora2ValidationException($"Shot {i + 1} is null.");
            CheckText(shot.Scene, $"The scene of shot {i + 1}", "Say what the shot shows.");
            if (shot.Duration <= TimeSpan.Zero || shot.Duration > MaxShot)
            {
                throw new Sora2ValidationException(
                    $"Shot {i + 1} lasts {DurationFormat.Seconds(shot.Duration)} s; a shot lasts more than 0 and at most 3600 s.");
            }
        }
    }

    private static void CheckRemix(RemixRequest remix)
    {
        CheckText(remix.Prompt, "The prompt", "Say what to change in RemixRequest.Prompt.");
        if (string.IsNullOrWhiteSpace(remix.Source?.Id))
        {
            throw new Sora2ValidationException("The remix has no source. Set RemixRequest.Source to the finished task.");
        }

        if (remix is not
            {
                Model: null, AspectRatio: null, Resolution: null, Watermark: null, Private: null, HighDefinition: null,
                GenerateAudio: null, Seed: null, NegativePrompt: null,
            })
        {
            throw new Sora2ValidationException(
                "A remix has the model, size and settings of its source. Leave everything but Source and Prompt null.");
        }
    }

    /// <summary>Checks what the page of a known model has no field for.</summary>
    private static void CheckOptions(Sora2Platform platform, GenerationRequest request)
    {
        if (platform.FindModel(request.Model!) is not { } model)
        {
            return;
        }

        if (request.AspectRatio is { } ratio && model.AspectRatios is { } ratios && !ratios.Contains(ratio))
        {
            throw Refusal($"{ratio}; it makes {string.Join(", ", ratios)}.");
        }

        if (request.Resolution is { } resolution && model.Resolutions is { } resolutions && !resolutions.Contains(resolution))
        {
            throw Refusal(resolutions.Count == 0
                ? $"{resolution}: its resolution cannot be chosen. Leave Resolution null."
                : $"{resolution}; it makes {string.Join(", ", resolutions)}.");
        }

        CheckOption(request.GenerateAudio is not null, model.HasAudioOption, nameof(request.GenerateAudio));
        CheckOption(request.Seed is not null, model.HasSeed, nameof(request.Seed));
        CheckOption(request.NegativePrompt is not null, model.HasNegativePrompt, nameof(request.NegativePrompt));
        if (model.HasImageRoles == false && request.SentImages.FirstOrDefault(image => image.Role != ImageRole.Unspecified) is { } image)
        {
            throw Refusal($"the image role {image.Role}. Pass the image without a role.");
        }

        void CheckOption(bool isSet, bool? hasOption, string name)
        {
            if (isSet && hasOption == false)
            {
                throw Refusal($"{name}. Leave it null.");
            }
        }

        Sora2ValidationException Refusal(string what) => new($"{model.Name} on {platform.Title} does not take {what}");
    }

    private static void CheckExtraFields(Sora2Platform platform, GenerationRequest request)
    {
        if (request.ExtraFields is { Count: > 0 } extra
            && platform.Encode(request with { ExtraFields = null }).Body?.FieldNames.FirstOrDefault(extra.ContainsKey) is { } name)
        {
            throw new Sora2ValidationException(
                $"ExtraFields has \"{name}\", which the SDK writes itself. Set the property of the request instead, or turn "
                + $"{nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.ValidateRequests)} off to replace the field.");
        }
    }

    private static void CheckFormat(Sora2Platform platform, GenerationRequest request, string advice)
    {
        var (name, model, highDefinition) = (platform.Title, request.Model!, request.HighDefinition == true);
        var duration = request.TargetDuration ?? VideoFormat.DefaultDuration;
        if (duration <= TimeSpan.Zero)
        {
            throw new Sora2ValidationException(
                $"A video cannot last {DurationFormat.Seconds(duration)} s. "
                + "Leave Duration null for the model's own, or set a length over 0.");
        }

        // Also for unknown models: a platform without the field would ignore it, and bill a video that the caller did not want.
        if (highDefinition && platform.Models.Count > 0
            && !platform.Models.Any(known => known.GetDurations(highDefinition: true).Count > 0))
        {
            throw new Sora2ValidationException(
                $"{name} has no high definition; {FormatAdvice.ForFormat(platform, duration, highDefinition)}");
        }

        if (platform.FindModel(model) is not { } limits)
        {
            return;
        }

        var durations = limits.GetDurations(highDefinition);
        if (!durations.Contains(duration) && !(request.TargetDuration is null && durations.Count > 0))
        {
            throw new Sora2ValidationException(durations.Count == 0
                ? $"{model} on {name} has no high definition; {FormatAdvice.ForFormat(platform, duration, highDefinition)}"
                : $"{name} makes {FormatAdvice.List(durations)} s videos{FormatAdvice.Quality(highDefinition)} with {model}; "
                    + $"{FormatAdvice.ForFormat(platform, duration, highDefinition)}{advice}");
        }
    }
}
