using Sora2.Sdk.Common;

namespace Sora2.Sdk.Submissions;

/// <summary>Finds what to change in a request whose duration or quality the model does not have.</summary>
internal static class FormatAdvice
{
    private static readonly TimeSpan MinShot = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns which platform and model make a format, the caller's own platform first: <c>25 s needs Zhenzhen and sora-2-pro.</c>
    /// </summary>
    public static string ForFormat(Sora2Platform own, TimeSpan duration, bool highDefinition)
    {
        var format = $"{Seconds(duration)} s{Quality(highDefinition)}";
        if (Find(own, duration, highDefinition) is { Model: not null } match)
        {
            return $"{format} needs {match.Platform.Title} and {match.Model.Name}.";
        }

        return highDefinition && Find(own: null, duration, highDefinition: false) is { Model: not null } plain
            ? $"{format} is not available; {Seconds(duration)} s without it needs {plain.Platform.Title} and {plain.Model.Name}."
            : $"{format} is not available.";
    }

    /// <summary>Returns which shot of a storyboard to change so that the total is a duration that the model has.</summary>
    public static string ForShots(Sora2Platform platform, Storyboard storyboard)
    {
        var durations = platform.FindModel(storyboard.Model!)?.GetDurations(storyboard.HighDefinition == true) ?? [];
        var total = storyboard.TotalDuration;
        for (var i = storyboard.Shots.Count - 1; i >= 0; i--)
        {
            var shot = storyboard.Shots[i].Duration;
            foreach (var target in durations.OrderBy(duration => (duration - total).Duration()))
            {
                var changed = shot + (target - total);
                if (changed >= MinShot)
                {
                    return $" The shots add up to {Seconds(total)} s: make shot {i + 1} {Seconds(changed)} s long instead of "
                        + $"{Seconds(shot)} s for {Seconds(target)} s in all.";
                }
            }
        }

        var shorter = durations.Where(duration => duration < total).DefaultIfEmpty().Max();
        return $" The shots add up to {Seconds(total)} s{ShotsToLeaveOut(storyboard.Shots, shorter)}.";
    }

    /// <summary>Returns durations as <c>10, 15 or 25</c>.</summary>
    public static string List(IReadOnlyList<TimeSpan> durations) => durations.Count == 1
        ? Seconds(durations[0])
        : string.Join(", ", durations.SkipLast(1).Select(Seconds)) + " or " + Seconds(durations[^1]);

    public static string Quality(bool highDefinition) => highDefinition ? " in high definition" : "";

    private static (Sora2Platform Platform, VideoModel Model) Find(Sora2Platform? own, TimeSpan duration, bool highDefinition) =>
        Sora2Platform.BuiltIn
            .OrderByDescending(platform => platform == own)
            .SelectMany(platform => platform.Models, (platform, model) => (platform, model))
            .FirstOrDefault(offer => offer.model.GetDurations(highDefinition).Contains(duration));

    /// <summary>Returns the last shots, where changing one shot is not enough.</summary>
    private static string ShotsToLeaveOut(IReadOnlyList<StoryboardShot> shots, TimeSpan target)
    {
        if (target == TimeSpan.Zero)
        {
            return "";
        }

        var last = 0;
        var before = TimeSpan.Zero;
        while (before + shots[last].Duration + MinShot <= target)
        {
            before += shots[last++].Duration;
        }

        var left = target - before;
        var surplus = last + 2 < shots.Count ? $"shots {last + 2} to {shots.Count}" : $"shot {shots.Count}";
        var change = left == shots[last].Duration ? "" : $" and make shot {last + 1} {Seconds(left)} s long";
        return $": leave out {surplus}{change} for {Seconds(target)} s in all";
    }

    private static string Seconds(TimeSpan duration) => DurationFormat.Seconds(duration);
}
