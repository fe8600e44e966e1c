#!/usr/bin/env dotnet
#:project ../src/Sora2.Sdk
#:project ../src/Sora2.Sdk.Simulator
#:package Spectre.Console
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=false

// dotnet run samples/quickstart.cs
//
// Without a key: makes videos on both platforms, against a simulator inside this process.
// With SORA2_API_KEY, JUXIN_API_KEY or ZHENZHEN_API_KEY: asks for confirmation, then makes one real video.

using System.Globalization;
using Sora2.Sdk;
using Sora2.Sdk.Simulator;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 1000; // no terminal: write long lines, without colours
    AnsiConsole.Profile.Capabilities.Ansi = false;
}

var folder = Path.GetFullPath("videos");
using var stop = new CancellationTokenSource();
var screen = new ProgressScreen();
var hasKey = Sora2Platform.BuiltIn.Select(platform => platform.ApiKeyVariable).Append("SORA2_API_KEY")
    .Any(variable => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable)));

try
{
    return hasKey ? await OnTheRealPlatformAsync() : await OnTheSimulatorAsync();
}
catch (Sora2Exception e)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Kind}[/]: {e.Message}");
    PrintUnfinished();
    return 1;
}
catch (OperationCanceledException)
{
    AnsiConsole.WriteLine("Stopped.");
    PrintUnfinished();
    return 130;
}

// Tasks accepted by a real platform were billed and keep running; tasks of the simulator end with this process.
void PrintUnfinished()
{
    if (hasKey)
    {
        screen.PrintUnfinished();
    }
}

// From here on Ctrl+C cancels the wait and ends the program with exit code 130.
void CatchCtrlC() => Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

async Task<int> OnTheRealPlatformAsync()
{
    using var client = Sora2Client.FromEnvironment();
    var request = new VideoRequest("A corgi surfs a long wave at sunset, slow motion");
    AnsiConsole.MarkupLineInterpolated(
        $"This makes [bold]one 10 s video[/] on {client.Platform.Name} ({client.Platform.DisplayName}) and [bold]costs money[/].");
    if (!args.Contains("--yes") && (Console.IsInputRedirected || !AnsiConsole.Confirm("Continue?", defaultValue: false)))
    {
        AnsiConsole.WriteLine("Nothing was sent. Confirm with y, or run with --yes.");
        return 2;
    }

    CatchCtrlC();
    await screen.ShowAsync(() => MakeAsync(screen, client, "text-to-video", token => client.Videos.CreateAsync(request, token)));
    screen.PrintFiles(folder);
    return 0;
}

async Task<int> OnTheSimulatorAsync()
{
    // Two hundred times faster than the platforms: four and a half minutes take 1.4 seconds.
    CatchCtrlC();
    await using var simulator = await Sora2Simulator.StartAsync(new Sora2SimulatorOptions { SpeedFactor = 200 }, stop.Token);
    using var juxin = Connect(Sora2Platform.Juxin, simulator.JuxinBaseAddress, simulator.ApiKey);
    using var zhenzhen = Connect(Sora2Platform.Zhenzhen, simulator.ZhenzhenBaseAddress, simulator.ApiKey);
    AnsiConsole.MarkupLine("No key is set: both platforms run inside this process, on real sockets, and nothing costs money.");

    var image = ImageInput.FromFile(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "images", "kitten.jpg"));
    var text = new VideoRequest("A corgi surfs a long wave at sunset, slow motion");
    var fromImage = new VideoRequest("小猫醒来，伸个懒腰")
    {
        Duration = TimeSpan.FromSeconds(15),
        AspectRatio = AspectRatio.Portrait9x16,
        Images = [image],
    };
    var storyboard = new StoryboardBuilder()
        .AddShot("An eagle takes off from a cliff", TimeSpan.FromSeconds(4))
        .AddShot("It circles over the valley", TimeSpan.FromSeconds(3.5))
        .AddShot("老鹰落在雪山上", TimeSpan.FromSeconds(2.5))
        .AddReferenceImage(image)
        .Build();

    await screen.ShowAsync(async () =>
    {
        var videos = await Task.WhenAll(
            MakeAsync(screen, juxin, "text-to-video", token => juxin.Videos.CreateAsync(text, token)),
            MakeAsync(screen, juxin, "image-to-video", token => juxin.Videos.CreateAsync(fromImage, token)),
            MakeAsync(screen, juxin, "storyboard", token => juxin.Videos.CreateAsync(storyboard, token)),
            MakeAsync(screen, zhenzhen, "text-to-video", token => zhenzhen.Videos.CreateAsync(text, token)),
            MakeAsync(screen, zhenzhen, "image-to-video", token => zhenzhen.Videos.CreateAsync(fromImage, token)),
            MakeAsync(screen, zhenzhen, "storyboard", token => zhenzhen.Videos.CreateAsync(storyboard, token)));

        // A character made on one platform can be mentioned on the other.
        var character = await juxin.Characters.CreateAsync(CharacterRequest.FromTask(videos[0].Id, new TimeRange(1, 3)), stop.Token);
        screen.Say($"character {character.Mention} made");
        var withCharacter = new VideoRequest($"{character.Mention} plays the drums");
        await MakeAsync(screen, zhenzhen, "with-character", token => zhenzhen.Videos.CreateAsync(withCharacter, token));
    });
    screen.PrintFiles(folder);
    AnsiConsole.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{simulator.Ledger.BilledCreates} creates would have been billed, in {simulator.Ledger.Requests.Count} requests."));
    return 0;
}

Sora2Client Connect(Sora2Platform platform, Uri address, string key) => Sora2Client.Create(platform, key, options =>
{
    options.BaseAddress = address;
    options.PollInterval = TimeSpan.FromMilliseconds(100);
    options.AllowPrivateNetworkDownloads = true; // the simulator serves its videos from this machine
});

// Creates one video, waits for it and downloads it.
async Task<VideoTask> MakeAsync(ProgressScreen screen, Sora2Client client, string name, Func<CancellationToken, Task<VideoTask>> create)
{
    var line = screen.Add($"{client.Platform.Name} {name}");
    var created = await create(stop.Token);
    line.Report(created);
    var task = await client.Videos.WaitAsync(created.Id, progress: line, cancellationToken: stop.Token);
    var path = Path.Combine(folder, $"{client.Platform.Name}-{name}.mp4");
    var video = await client.Videos.DownloadAsync(task, path, cancellationToken: stop.Token);
    line.Finish(video);
    return task;
}

/// <summary>Shows progress: live bars on a terminal, else a line for each new status and each 25 %.</summary>
internal sealed class ProgressScreen
{
    private readonly bool _isLive = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    private readonly List<(string Name, DownloadedVideo Video)> _files = [];
    private readonly Dictionary<string, string> _unfinished = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private ProgressContext? _bars;

    public async Task ShowAsync(Func<Task> work)
    {
        if (!_isLive)
        {
            await work();
            return;
        }

        await AnsiConsole.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn(),
                new SpinnerColumn())
            .StartAsync(async bars =>
            {
                _bars = bars;
                await work();
            });
    }

    public Line Add(string name) => new(this, name, _bars?.AddTask(Markup.Escape(name)));

    public void Say(string text)
    {
        if (_bars is null)
        {
            Print(text);
            return;
        }

        var bar = _bars.AddTask(Markup.Escape(text));
        bar.Value = bar.MaxValue;
    }

    /// <summary>Prints the ids of accepted tasks that have not finished; on a real platform they were billed and keep running.</summary>
    public void PrintUnfinished()
    {
        foreach (var (id, name) in _unfinished)
        {
            Print($"{name}: task {id} was accepted and keeps running; client.Videos.WaitAsync(\"{id}\") waits for it.");
        }
    }

    public void PrintFiles(string folder)
    {
        Print($"The videos are in {folder}");
        var table = new Table().RoundedBorder().AddColumn("video").AddColumn(new TableColumn("size").RightAligned()).AddColumn("file");
        foreach (var (name, video) in _files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (_isLive)
            {
                table.AddRow(new Text(name), new Text(Size(video)), new Text(Path.GetFileName(video.Path!)));
            }
            else
            {
                Print($"{name}\t{Size(video)}\t{video.Path}");
            }
        }

        if (_isLive)
        {
            AnsiConsole.Write(table);
        }
    }

    private static string Size(DownloadedVideo video) => string.Create(CultureInfo.InvariantCulture, $"{video.Length / 1024.0:0.0} KB");

    private void Print(string text)
    {
        lock (_gate)
        {
            Console.WriteLine(text);
        }
    }

    /// <summary>One video's progress.</summary>
    internal sealed class Line(ProgressScreen screen, string name, ProgressTask? bar) : IProgress<VideoTask>
    {
        private string? _lastLine;
        private string? _id;

        public void Report(VideoTask value)
        {
            if (_id is null)
            {
                _id = value.Id;
                lock (screen._gate)
                {
                    screen._unfinished[value.Id] = name;
                }

                if (bar is null)
                {
                    screen.Print($"{name}: accepted as task {value.Id}");
                }
            }

            if (bar is not null)
            {
                bar.Value = value.Progress ?? bar.Value;
                bar.Description = Markup.Escape($"{name}: {value.RawStatus ?? "accepted"}");
            }
            else if (Describe(value) is var line && line != _lastLine)
            {
                _lastLine = line;
                screen.Print(line);
            }
        }

        public void Finish(DownloadedVideo video)
        {
            lock (screen._gate)
            {
                screen._files.Add((name, video));
                screen._unfinished.Remove(video.TaskId);
            }

            if (bar is not null)
            {
                bar.Value = bar.MaxValue;
                bar.Description = Markup.Escape($"{name}: saved");
            }
            else
            {
                screen.Print($"{name}: saved");
            }
        }

        private string Describe(VideoTask task) => string.Create(
            CultureInfo.InvariantCulture, $"{name}: {task.RawStatus ?? "accepted"} {Math.Floor((task.Progress ?? 0) / 25) * 25:0}%");
    }
}
