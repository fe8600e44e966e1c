using System.Globalization;

namespace Sora2.Sdk.Simulator.Cli;

/// <summary>Reads the options: <c>--name value</c>, and the one switch <c>--strict</c>.</summary>
internal static class CommandLine
{
    private const string StrictSwitch = "--strict";

    /// <exception cref="FormatException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static Sora2SimulatorOptions Parse(IReadOnlyList<string> arguments)
    {
        // A server that runs for days must not keep every picture it was sent, and its clients are not the SDK.
        var options = new Sora2SimulatorOptions { JuxinPort = 5201, ZhenzhenPort = 5202, MediaPort = 5203, SpeedFactor = 20, RecordBodies = false, Strict = false };
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var name))
        {
            if (name == StrictSwitch)
            {
                options.Strict = true;
            }
            else
            {
                Apply(options, name, left.TryDequeue(out var value) ? value : null);
            }
        }

        return options;
    }

    private static void Apply(Sora2SimulatorOptions options, string name, string? value)
    {
        switch (name)
        {
            case "--key":
                options.ApiKey = Required(name, value);
                break;
            case "--speed":
                options.SpeedFactor = Number(name, value);
                break;
            case "--duration":
                options.TaskDuration = TimeSpan.FromSeconds(Number(name, value));
                break;
            case "--juxin-shape":
                options.JuxinResponseShape = Required(name, value) switch
                {
                    "openai" => JuxinResponseShape.OpenAi,
                    "native" => JuxinResponseShape.Native,
                    var other => throw new FormatException($"--juxin-shape is openai or native, not '{other}'."),
                };
                break;
            case "--video-links":
                options.VideoLinkKind = Required(name, value) switch
                {
                    "media" => VideoLinkKind.MediaHost,
                    "content" => VideoLinkKind.Content,
                    "redirect" => VideoLinkKind.RedirectingContent,
                    var other => throw new FormatException($"--video-links is media, content or redirect, not '{other}'."),
                };
                break;
            case "--juxin-models":
                options.ExtraJuxinModels = Names(name, value);
                break;
            case "--zhenzhen-models":
                options.ExtraZhenzhenModels = Names(name, value);
                break;
            case "--video-bytes":
                options.MinimumVideoBytes = Whole(name, value, long.MaxValue);
                break;
            case "--juxin-port":
                options.JuxinPort = Port(name, value);
                break;
            case "--zhenzhen-port":
                options.ZhenzhenPort = Port(name, value);
                break;
            case "--media-port":
                options.MediaPort = Port(name, value);
                break;
            default:
                throw new FormatException($"There is no option '{name}'.");
        }
    }

    private static string Required(string name, string? value) =>
        value is { Length: > 0 } ? value : throw new FormatException($"{name} needs a value.");

    private static string[] Names(string name, string? value) =>
        Required(name, value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names
            ? names
            : throw new FormatException($"{name} needs names with commas between, such as veo3.1,grok-video-3, not '{value}'.");

    private static double Number(string name, string? value) =>
        double.TryParse(Required(name, value), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name} needs a number such as 20 or 0.5, not '{value}'.");

    private static int Port(string name, string? value) => (int)Whole(name, value, ushort.MaxValue);

    private static long Whole(string name, string? value, long most) =>
        long.TryParse(Required(name, value), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} needs a whole number from 0 to {most}, not '{value}'."));
}
