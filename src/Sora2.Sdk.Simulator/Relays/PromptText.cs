using System.Buffers;
using System.Globalization;

namespace Sora2.Sdk.Simulator;

/// <summary>What the platforms read out of a prompt.</summary>
internal static class PromptText
{
    private const string FailMark = "[fail";
    private const string DurationLine = "duration:";
    private const int LongestShot = 3600;

    private static readonly SearchValues<char> UsernameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.");

    public static bool IsStoryboard(string prompt) => prompt.Contains("Shot 1:", StringComparison.Ordinal);

    /// <summary>The seconds of all shots together; null when a duration line cannot be read.</summary>
    public static decimal? TotalSeconds(string prompt)
    {
        var total = 0m;
        foreach (var line in prompt.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith(DurationLine, StringComparison.Ordinal)))
        {
            var value = line[DurationLine.Length..].Trim();
            if (!value.EndsWith("sec", StringComparison.Ordinal)
                || !decimal.TryParse(value[..^"sec".Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                || seconds is <= 0 or > LongestShot)
            {
                return null;
            }

            total += seconds;
        }

        return total;
    }

    /// <summary>Names after an @, with a space or an end on either side: without those the platform does not see a mention.</summary>
    public static IReadOnlyList<string> Mentions(string prompt) =>
    [
        .. prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length > 1 && word[0] == '@' && word.AsSpan(1).IndexOfAnyExcept(UsernameCharacters) < 0)
            .Select(word => word[1..])
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Whether a name has the form of a real character's, such as <c>hfspncadz.mooflapand</c>; any other @word is just text.</summary>
    public static bool LooksLikeCharacter(string username) => username.Contains('.') && username.Split('.').All(part => part.Length > 0);

    /// <summary>The reason in <c>[fail:reason]</c>, or the default one for <c>[fail]</c>; null when the prompt does not ask for a failure.</summary>
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
