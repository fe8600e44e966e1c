using Sora2.Sdk.Common;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Checks a request against the model's limits before anything is sent, and says the way out. Models whose limits are not known pass: their names are open.
/// </summary>
internal static class RequestValidator
{
    /// <summary>What both platforms make when no length is asked for.</summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestShot = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestRange = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRange = TimeSpan.FromSeconds(3);

    /// <summary>Checks what cannot be written otherwise, and the model's limits if the caller wants them checked.</summary>
    public static void Validate(Sora2Platform platform, VideoRequest request, bool withLimits)
    {
        CheckText(request.Prompt, "The prompt", "Say what the video shows in VideoRequest.Prompt.");
        CheckImages(request.Images);
        CheckFrame(request.AspectRatio);
        if (!withLimits)
        {
            return;
        }

        CheckFormat(platform, request.Model!, request.Duration ?? DefaultDuration, request.HighDefinition, wayOut: "");
    }

    /// <summary>Checks what cannot be written otherwise, and the model's limits if the caller wants them checked.</summary>
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
            if (shot.Duration <= TimeSpan.Zero || shot.Duration > LongestShot)
            {
                throw new Sora2ValidationException($"Shot {i + 1} lasts {DurationFormat.Seconds(shot.Duration)} s; every shot needs a duration over 0{(shot.Duration > LongestShot ? ", and no model makes an hour" : "")}.");
            }
        }

        CheckImages(storyboard.ReferenceImages);
        CheckFrame(storyboard.AspectRatio);
        if (!withLimits)
        {
            return;
        }

        CheckFormat(platform, storyboard.Model!, storyboard.TotalDuration, storyboard.HighDefinition, ShotToChange(platform, storyboard));
    }

    /// <summary>Checks what cannot be written otherwise, and the range if the caller wants limits checked.</summary>
    public static void Validate(CharacterRequest request, bool withLimits)
    {
        if (request.TaskId is null == request.Url is null)
        {
            throw new Sora2ValidationException($"A character is made from exactly one source; {(request.Url is null ? "neither TaskId nor Url is" : "both TaskId and Url are")} set. Use CharacterRequest.FromTask or CharacterRequest.FromUrl.");
        }

        if (request.TaskId is not null && string.IsNullOrWhiteSpace(request.TaskId))
        {
            throw new Sora2ValidationException("CharacterRequest.TaskId is empty; give the id of a finished task.");
        }

        if (request.Url is { } url && !UriExtensions.IsHttp(url))
        {
            throw new Sora2ValidationException("CharacterRequest.Url has to be an absolute http or https address that the platform can reach.");
        }

        var range = request.Range;
        // Written so that NaN is refused; a millionth of a second is not held against 0.1 + 0.2.
        if (withLimits && !(range.StartSeconds >= 0 && range.LengthSeconds >= ShortestRange.TotalSeconds - 1e-6 && range.LengthSeconds <= LongestRange.TotalSeconds + 1e-6))
        {
            throw new Sora2ValidationException(range.StartSeconds < 0
                ? $"The range {range} begins before the video does; the start is 0 or more. For example new TimeRange(1, 3)."
                : $"The range {range} is {FormattableString.Invariant($"{range.LengthSeconds:0.###}")} s long; a character is made from 1 to 3 s of a video, counted from 0. For example new TimeRange(1, 3).");
        }
    }

    private static void CheckText(string? text, string what, string wayOut)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new Sora2ValidationException($"{what} is empty. {wayOut}");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                throw new Sora2ValidationException($"{what} holds half a character at position {i}, as when an emoji is cut in two; it cannot be sent as UTF-8.");
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
            throw new Sora2ValidationException($"AspectRatio is {aspectRatio}; it has to be {string.Join(" or ", Enum.GetNames<AspectRatio>())}.");
        }
    }

    private static void CheckFormat(Sora2Platform platform, string model, TimeSpan duration, bool highDefinition, string wayOut)
    {
        if (duration <= TimeSpan.Zero)
        {
            throw new Sora2ValidationException($"A video cannot last {DurationFormat.Seconds(duration)} s. Leave Duration null for {DurationFormat.Seconds(DefaultDuration)} s, or set a length over 0.");
        }

        // Also for a model that is not listed: a platform without the field could only drop the wish, and bill a video nobody wanted.
        if (highDefinition && platform.Models.Count > 0 && !platform.Models.Any(known => known.Durations(highDefinition: true).Count > 0))
        {
            throw new Sora2ValidationException($"{platform.Title} has no high definition; {WayOut(platform, duration, highDefinition)}");
        }

        if (platform.FindModel(model) is not { } limits)
        {
            return;
        }

        var durations = limits.Durations(highDefinition);
        if (!durations.Contains(duration))
        {
            throw new Sora2ValidationException(durations.Count == 0
                ? $"{model} on {platform.Title} has no high definition; {WayOut(platform, duration, highDefinition)}"
                : $"{platform.Title} makes {Listed(durations)} s videos{Quality(highDefinition)} with {model}; {WayOut(platform, duration, highDefinition)}{wayOut}");
        }
    }

    /// <summary>Who can make it, the caller's own platform first: <c>25 s needs Zhenzhen and sora-2-pro.</c></summary>
    private static string WayOut(Sora2Platform own, TimeSpan duration, bool highDefinition)
    {
        var what = $"{DurationFormat.Seconds(duration)} s{Quality(highDefinition)}";
        var offers = Sora2Platform.BuiltIn
            .OrderByDescending(platform => platform == own)
            .SelectMany(platform => platform.Models, (platform, model) => (Platform: platform, Model: model, Durations: model.Durations(highDefinition)))
            .Where(offer => offer.Durations.Count > 0)
            .ToList();
        var fitting = offers.FirstOrDefault(offer => offer.Durations.Contains(duration));
        if (fitting.Model is not null)
        {
            return $"{what} needs {fitting.Platform.Title} and {fitting.Model.Name}.";
        }

        var plain = highDefinition ? Sora2Platform.BuiltIn.SelectMany(platform => platform.Models, (platform, model) => (Platform: platform, Model: model)).FirstOrDefault(offer => offer.Model.Durations().Contains(duration)) : default;
        return plain.Model is not null
            ? $"{what} is not to be had; {DurationFormat.Seconds(duration)} s without it needs {plain.Platform.Title} and {plain.Model.Name}."
            : $"{what} is not to be had.";
    }

    private static string Quality(bool highDefinition) => highDefinition ? " in high definition" : "";

    /// <summary>Which shot to change so that the total is one the model has.</summary>
    private static string ShotToChange(Sora2Platform platform, Storyboard storyboard)
    {
        var durations = platform.FindModel(storyboard.Model!)?.Durations(storyboard.HighDefinition) ?? [];
        var total = storyboard.TotalDuration;
        for (var i = storyboard.Shots.Count - 1; i >= 0; i--)
        {
            foreach (var wanted in durations.OrderBy(duration => (duration - total).Duration()))
            {
                var changed = storyboard.Shots[i].Duration + (wanted - total);
                if (changed >= TimeSpan.FromSeconds(1))
                {
                    return $" The shots add up to {DurationFormat.Seconds(total)} s: make shot {i + 1} {DurationFormat.Seconds(changed)} s long instead of {DurationFormat.Seconds(storyboard.Shots[i].Duration)} s for {DurationFormat.Seconds(wanted)} s in all.";
                }
            }
        }

        return $" The shots add up to {DurationFormat.Seconds(total)} s{ShotsToLeaveOut(storyboard.Shots, durations.Where(duration => duration < total).DefaultIfEmpty().Max())}.";
    }

    /// <summary>Where no single shot can make up for it: the last ones go.</summary>
    private static string ShotsToLeaveOut(IReadOnlyList<StoryboardShot> shots, TimeSpan wanted)
    {
        if (wanted == TimeSpan.Zero)
        {
            return "";
        }

        var last = 0;
        var before = TimeSpan.Zero;
        while (before + shots[last].Duration + TimeSpan.FromSeconds(1) <= wanted)
        {
            before += shots[last++].Duration;
        }

        var left = wanted - before;
        var surplus = last + 2 < shots.Count ? $"shots {last + 2} to {shots.Count}" : $"shot {shots.Count}";
        return $": leave out {surplus}{(left == shots[last].Duration ? "" : $" and make shot {last + 1} {DurationFormat.Seconds(left)} s long")} for {DurationFormat.Seconds(wanted)} s in all";
    }

    private static string Listed(IReadOnlyList<TimeSpan> durations) => durations.Count == 1
        ? DurationFormat.Seconds(durations[0])
        : string.Join(", ", durations.Take(durations.Count - 1).Select(DurationFormat.Seconds)) + " or " + DurationFormat.Seconds(durations[^1]);
}
