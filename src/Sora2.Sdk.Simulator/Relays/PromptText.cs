using System.Buffers;
using System.Globalization;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Reads storyboard shots, mentions and requested failures from a prompt.</summary>
internal static class PromptText
{
    private const string FailMark = "[fail";
    private const string DurationLine = "duration:";
    private const int MaxShotSeconds = 3600;

    private static readonly SearchValues<char> UsernameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.");

    public static bool IsStoryboard(string prompt) => prompt.Contains("Shot 1:", StringComparison.Ordinal);

    /// <summary>Returns the total seconds of all shots; null when a duration line is not valid.</summary>
    public static decimal? TotalSeconds(string prompt)
    {
        var total = 0m;
        var durations = prompt.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith(DurationLine, StringComparison.Ordinal));
        foreach (var line in durations)
        {
            var value = line[DurationLine.Length..].Trim();
            if (!value.EndsWith("sec", StringComparison.Ordinal)
                || !decimal.TryParse(value[..^"sec".Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                || seconds is <= 0 or > MaxShotSeconds)
            {
                return null;
            }

            total += seconds;
        }

        return total;
    }

    /// <summary>Returns the names after an @.</summary>
    /// <remarks>A platform recognises a mention only with white space, or the start or end of the prompt, on either side.</remarks>
    public static IReadOnlyList<string> Mentions(string prompt) =>
    [
        .. prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length > 1 && word[0] == '@' && word.AsSpan(1).IndexOfAnyExcept(UsernameCharacters) < 0)
            .Select(word => word[1..])
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Whether a name has the form of a user name, such as <c>hfspncadz.mooflapand</c>; any other @word is plain text.</summary>
    public static bool LooksLikeCharacter(string username) =>
        username.Contains('.') && username.Split('.').All(part => part.Length > 0);

    /// <summary>Returns the reason in <c>[fail:reason]</c>, or the default one for <c>[fail]</c>; null without either.</summary>
    public static string? RequestedFailure(string prompt)
    {
        var start = prompt.IndexOf(FailMark, StringComparison.Ordinal);
        var end = start < 0 ? -1 : prompt.IndexOf(']', start);
        if (end < 0)
        {
            return null;
        }

        var rest = prompt[(start + FailMark.Length)..end];
        return rest switch
        {
            "" or ":" => PlatformErrors.PolicyViolation,
            [':', .. var reason] => reason.Trim(),
            _ => null,
        };
    }
}
