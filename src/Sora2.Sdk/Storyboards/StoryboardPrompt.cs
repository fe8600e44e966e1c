using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Storyboards;

/// <summary>
/// The prompt form of a storyboard. Source: the Juxin requirements document of 2026-01-21, whose sample ends each block with a line
/// break.
/// </summary>
internal static partial class StoryboardPrompt
{
    private const RegexOptions LineOptions = RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static string Write(IReadOnlyList<StoryboardShot> shots)
    {
        var text = new StringBuilder();
        for (var i = 0; i < shots.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : "\n\n")}Shot {i + 1}:\n");
            text.Append(CultureInfo.InvariantCulture, $"duration: {DurationFormat.Seconds(shots[i].Duration)}sec\n");
            text.Append(CultureInfo.InvariantCulture, $"Scene: {OnOneLine(shots[i].Scene)}");
        }

        return text.ToString();
    }

    public static IReadOnlyList<StoryboardShot> Read(string prompt)
    {
        prompt = prompt.ReplaceLineEndings("\n");
        var starts = ShotLine().Matches(prompt);
        if (starts.Count == 0)
        {
            throw new Sora2ValidationException(
                "The text contains no shot. A storyboard has blocks like \"Shot 1:\\nduration: 5sec\\nScene: …\".");
        }

        var shots = new List<StoryboardShot>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            var from = starts[i].Index + starts[i].Length;
            var to = i + 1 < starts.Count ? starts[i + 1].Index : prompt.Length;
            shots.Add(ReadShot(prompt[from..to], i + 1));
        }

        return shots;
    }

    private static StoryboardShot ReadShot(string block, int number)
    {
        var duration = DurationLine().Match(block);
        var scene = SceneLine().Match(duration.Success ? block.Remove(duration.Index, duration.Length) : block);
        const NumberStyles Number = NumberStyles.AllowDecimalPoint;
        if (!duration.Success
            || !decimal.TryParse(duration.Groups[1].ValueSpan, Number, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 86_400)
        {
            throw new Sora2ValidationException($"Shot {number} has no readable duration. Write a line like \"duration: 7.5sec\".");
        }

        if (!scene.Success)
        {
            throw new Sora2ValidationException($"Shot {number} has no scene. Write a line like \"Scene: an eagle takes off\".");
        }

        return new StoryboardShot
        {
            Scene = scene.Groups[1].Value.Trim(),
            Duration = new TimeSpan((long)decimal.Round(seconds * TimeSpan.TicksPerSecond)),
        };
    }

    /// <summary>Returns a scene as it is written: without line breaks, as one could be read as the end of its shot.</summary>
    public static string OnOneLine(string scene) => LineBreaks().Replace(scene, " ");

    [GeneratedRegex(@"[\r\n\v\f\u0085\u2028\u2029]+", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreaks();

    [GeneratedRegex(@"^[ \t]*shot[ \t]*\d+[ \t]*[:：]", LineOptions)]
    private static partial Regex ShotLine();

    // The atomic groups keep the time linear: without them, every split of a run of spaces around the optional unit would be tried.
    [GeneratedRegex(
        @"^[ \t]*duration[ \t]*[:：][ \t]*(\d+(?:\.\d+)?)(?>[ \t]*)(?:sec|secs|second|seconds|s)?(?>[ \t]*)$",
        LineOptions)]
    private static partial Regex DurationLine();

    [GeneratedRegex(@"^[ \t]*scene[ \t]*[:：][ \t]*(.*)\z", LineOptions | RegexOptions.Singleline)]
    private static partial Regex SceneLine();
}
