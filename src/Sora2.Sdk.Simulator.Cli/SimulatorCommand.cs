using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Sora2.Sdk.Simulator.Cli;

/// <summary>The command line of the program: its options and their defaults.</summary>
internal static class SimulatorCommand
{
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>Parses the arguments.</summary>
    /// <param name="arguments">The arguments of the program.</param>
    /// <param name="run">Runs the simulator and returns the exit code.</param>
    public static ParseResult Parse(IReadOnlyList<string> arguments, Func<Sora2SimulatorOptions, Task<int>> run) =>
        Create(run).Parse(arguments, Configuration);

    private static RootCommand Create(Func<Sora2SimulatorOptions, Task<int>> run)
    {
        var defaults = new Sora2SimulatorOptions();
        var key = new Option<string>("--key")
        {
            HelpName = "text",
            Description = "API key that both platforms accept",
            DefaultValueFactory = _ => defaults.ApiKey,
            CustomParser = ParseText,
        };
        var speed = new Option<double>("--speed")
        {
            HelpName = "number",
            Description = "Factor by which tasks run faster than on the platforms",
            DefaultValueFactory = _ => 20,
            CustomParser = ParseNumber,
        };
        var duration = new Option<double>("--duration")
        {
            HelpName = "seconds",
            Description = "Duration of a task at speed 1",
            DefaultValueFactory = _ => defaults.TaskDuration.TotalSeconds,
            CustomParser = ParseNumber,
        };
        var juxinShape = new Option<string>("--juxin-shape")
        {
            Description = "Shape of Juxin's responses",
            DefaultValueFactory = _ => "openai",
            CustomParser = ParseText,
        };
        var videoBytes = new Option<long>("--video-bytes")
        {
            HelpName = "number",
            Description = "Minimum size of a video",
            DefaultValueFactory = _ => defaults.MinimumVideoBytes,
            CustomParser = result => ParseWholeNumber(result, long.MaxValue),
        };
        var videoLinks = new Option<string>("--video-links")
        {
            Description = "Address of a finished video; content and redirect require the key",
            DefaultValueFactory = _ => "media",
            CustomParser = ParseText,
        };
        var juxinModels = ModelsOption("--juxin-models", "Juxin");
        var zhenzhenModels = ModelsOption("--zhenzhen-models", "Zhenzhen");
        var strict = new Option<bool>("--strict")
        {
            Description = "Reject what Sora2.Sdk would not send: missing fields, other types, bare keys",
            Arity = ArgumentArity.Zero,
        };
        var juxinPort = PortOption("--juxin-port", "Juxin", 5201);
        var zhenzhenPort = PortOption("--zhenzhen-port", "Zhenzhen", 5202);
        var mediaPort = PortOption("--media-port", "the media host", 5203);
        juxinShape.AcceptOnlyFromAmong("openai", "native");
        videoLinks.AcceptOnlyFromAmong("media", "content", "redirect");

        var command = new RootCommand(ConsoleText.Description)
        {
            key, speed, duration, juxinShape, videoBytes, videoLinks, juxinModels, zhenzhenModels, strict,
            juxinPort, zhenzhenPort, mediaPort,
        };

        // A repeated option overrides the previous value, so that a script can append to its defaults.
        foreach (var option in command.Options.Where(option => option.Arity.MaximumNumberOfValues == 1 && option is not VersionOption))
        {
            option.Arity = ArgumentArity.OneOrMore;
        }

        command.SetAction(result => run(new Sora2SimulatorOptions
        {
            ApiKey = result.GetRequiredValue(key),
            SpeedFactor = result.GetValue(speed),
            TaskDuration = TimeSpan.FromSeconds(result.GetValue(duration)),
            JuxinResponseShape = result.GetValue(juxinShape) == "native" ? JuxinResponseShape.Native : JuxinResponseShape.OpenAi,
            MinimumVideoBytes = result.GetValue(videoBytes),
            VideoLinkKind = result.GetValue(videoLinks) switch
            {
                "content" => VideoLinkKind.Content,
                "redirect" => VideoLinkKind.RedirectingContent,
                _ => VideoLinkKind.MediaHost,
            },
            ExtraJuxinModels = result.GetRequiredValue(juxinModels),
            ExtraZhenzhenModels = result.GetRequiredValue(zhenzhenModels),
            Strict = result.GetValue(strict),
            JuxinPort = result.GetValue(juxinPort),
            ZhenzhenPort = result.GetValue(zhenzhenPort),
            MediaPort = result.GetValue(mediaPort),

            // A server that runs for days must not keep every picture that it receives.
            RecordBodies = false,
        }));
        return command;
    }

    private static Option<string[]> ModelsOption(string name, string platform) => new(name)
    {
        HelpName = "names",
        Description = $"Further models of {platform}, separated by commas; Sora's limits do not apply to them",
        DefaultValueFactory = _ => [],
        CustomParser = ParseNames,
    };

    private static Option<int> PortOption(string name, string host, int port) => new(name)
    {
        HelpName = "port",
        Description = $"Port of {host}; 0 selects a free one",
        DefaultValueFactory = _ => port,
        CustomParser = result => (int)ParseWholeNumber(result, ushort.MaxValue),
    };

    private static string? ParseText(ArgumentResult result)
    {
        var text = TextOf(result);
        if (text.Length == 0)
        {
            result.AddError($"{NameOf(result)} needs a value.");
        }

        return text;
    }

    private static string[] ParseNames(ArgumentResult result)
    {
        var names = TextOf(result).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            result.AddError($"{NameOf(result)} needs names separated by commas, such as veo3.1,grok-video-3, not '{TextOf(result)}'.");
        }

        return names;
    }

    private static double ParseNumber(ArgumentResult result)
    {
        if (!double.TryParse(TextOf(result), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            result.AddError($"{NameOf(result)} needs a number such as 20 or 0.5, not '{TextOf(result)}'.");
        }

        return number;
    }

    private static long ParseWholeNumber(ArgumentResult result, long maximum)
    {
        if (!long.TryParse(TextOf(result), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > maximum)
        {
            result.AddError(string.Create(
                CultureInfo.InvariantCulture,
                $"{NameOf(result)} needs a whole number from 0 to {maximum}, not '{TextOf(result)}'."));
            return 0;
        }

        return number;
    }

    private static string TextOf(ArgumentResult result) => result.Tokens[^1].Value;

    private static string NameOf(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;
}
