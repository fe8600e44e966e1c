using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Diagnostics;

/// <summary>Everything that a complete run reports at Trace to every kind of listener is searched for secrets.</summary>
public sealed class TraceRunTests : SimulatorTest
{
    private const string Key = "test-key-of-the-trace-run";
    private const string FakeKey = "sk-fake-key-0000-of-the-trace-run";
    private const string Prompt = "a lighthouse on a secret island";
    private const string Signature = "fake-signature-of-the-trace-run";

    /// <summary>Logs complete exceptions, which quote the platform. Every other line is the SDK's or the framework's.</summary>
    private const string Callers = "The application";

    private static readonly string ImageText = Convert.ToBase64String(TinyImages.Png);

    private readonly ConcurrentBag<string> _links = [];

    protected override void Configure(Sora2SimulatorOptions options) => options.ApiKey = Key;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logs_and_traces_contain_no_key_signed_query_image_or_unrequested_prompt(bool logPrompts)
    {
        using var heard = new Listening(null);
        await RunAsync("juxin", logPrompts, heard);
        await RunAsync("zhenzhen", logPrompts, heard);

        var texts = heard.Lines.Select(line => $"{line.Category} {line.Id} {line.Text} {line.Values} {line.Exception}")
            .Concat(heard.Spans.Select(span => $"{span.OperationName} {span.StatusDescription} {string.Join(' ', span.TagObjects)}"))
            .Concat(heard.Spans.SelectMany(span => span.Events).Select(e => $"{e.Name} {string.Join(' ', e.Tags)}"))
            .Concat(heard.Measurements.Select(measurement => $"{measurement.Instrument} {string.Join(' ', measurement.Tags)}"))
            .ToList();
        Assert.True(texts.Count > 100, $"Only {texts.Count} entries were written.");
        Assert.NotEmpty(_links);
        string[] secrets =
        [
            Key, FakeKey, Signature, ImageText[..24], "secret-user", .. _links.Select(link => new Uri(link).Query.Split("sig=")[1]),
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.Ordinal)));
        Assert.Equal(
            logPrompts,
            texts.Exists(text => !text.StartsWith(Callers, StringComparison.Ordinal) && text.Contains(Prompt, StringComparison.Ordinal)));
        // Both the SDK and the framework reported something.
        Assert.Contains(heard.Spans, span => span.Source.Name == "Sora2.Sdk");
        Assert.Contains(heard.Measurements, measurement => measurement.Instrument.StartsWith("http.client.", StringComparison.Ordinal));
        Assert.Equal(
            [10, 11, 12, 13, 20, 21, 22, 25, 30, 31, 100, 101, 102, 103, 104, 106, .. logPrompts ? new[] { 200 } : []],
            heard.Lines.Where(line => line.Category == "Sora2.Sdk").Select(line => line.Id).Distinct().Order());
    }

    private async Task RunAsync(string platform, bool logPrompts, Listening heard)
    {
        var services = new ServiceCollection();
        services.AddSora2("trace", options =>
        {
            (options.Platform, options.ApiKey, options.BaseAddress, options.AllowPrivateNetworkDownloads) =
                (platform, Key, AddressOf(platform), true);
            (options.PollInterval, options.RetryDelay, options.LogPrompts, options.QueryRetries) =
                (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(1), logPrompts, 1);
        });
        services.RemoveAll<ILoggerFactory>().AddSingleton<ILoggerFactory>(heard);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ISora2Client>();
        var log = heard.CreateLogger(Callers);

        // Successful calls.
        var images = new[]
        {
            ImageInput.FromBytes(TinyImages.Png),
            ImageInput.FromDataUri("data:image/png;base64," + ImageText),
            ImageInput.FromUrl(new Uri($"https://secret-user:pw@img.example.com/a.png?X-Sig={Signature}")),
        };
        var task = await client.Videos.GenerateAsync(new VideoRequest(Prompt) { Images = images }, cancellationToken: Token);
        _links.Add(task.VideoUrl!.AbsoluteUri);
        await client.Videos.DownloadToDirectoryAsync(
            task, Folder, new DownloadOptions { FileNameTemplate = platform + logPrompts + "{id}" }, cancellationToken: Token);
        await client.Videos.DownloadAsync(task, new MemoryStream(), cancellationToken: Token);
        var storyboard = await client.Videos.CreateAsync(
            new StoryboardBuilder().AddShot(Prompt, TimeSpan.FromSeconds(10), ImageInput.FromBytes(TinyImages.Png)).Build(), Token);
        await client.Videos.WaitAsync(storyboard.Id, cancellationToken: Token);
        await client.Characters.CreateAsync(CharacterRequest.FromTask(task.Id, new TimeRange(1, 3)), Token);
        await client.Characters.CreateAsync(
            CharacterRequest.FromUrl(new Uri($"https://clips.example.com/a.mp4?X-Sig={Signature}"), new TimeRange(1, 3)), Token);

        // Failing calls, with an upstream that repeats everything it was sent. The application logs each complete exception.
        var echo = $"cannot take key {Key} {FakeKey}, image data:image/png;base64,{ImageText} "
            + $"or https://secret-user:pw@img.example.com/it's.png?X-Sig={Signature}";
        var body = $$$"""{"error":{"message":"{{{echo}}}"}}""";
        var withPrompt = $$$"""{"error":{"message":"{{{echo}}}, prompt '{{{Prompt}}}'"}}""";
        await FailAsync(
            SimulatorOperation.CreateVideo,
            SimulatorFault.Status(401, withPrompt),
            () => client.Videos.CreateAsync(new VideoRequest(Prompt), Token));
        await FailAsync(
            SimulatorOperation.CreateVideo,
            SimulatorFault.Status(500, withPrompt),
            () => client.Videos.CreateAsync(new VideoRequest(Prompt), Token));
        await FailAsync(
            SimulatorOperation.CreateVideo,
            SimulatorFault.DropAfterAccept(),
            () => client.Videos.CreateAsync(new VideoRequest(Prompt), Token));
        await FailAsync(
            SimulatorOperation.CreateVideo,
            SimulatorFault.TaskFails(echo),
            () => client.Videos.GenerateAsync(new VideoRequest(Prompt), cancellationToken: Token));
        await FailAsync(
            SimulatorOperation.CreateStoryboard,
            SimulatorFault.Status(400, withPrompt),
            () => client.Videos.CreateAsync(
                new StoryboardBuilder().AddShot("It begins", TimeSpan.FromSeconds(5)).AddShot(Prompt, TimeSpan.FromSeconds(5)).Build(),
                Token));
        await FailAsync(
            SimulatorOperation.CreateCharacter,
            SimulatorFault.Status(400, body),
            () => client.Characters.CreateAsync(CharacterRequest.FromTask(task.Id, new TimeRange(1, 3)), Token));
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.Status(502, body));
        await FailAsync(
            SimulatorOperation.Query,
            SimulatorFault.Status(403, body),
            () => client.Videos.WaitAsync(storyboard.Id, cancellationToken: Token));
        Simulator.Faults.On(SimulatorOperation.Media).Then(SimulatorFault.Status(404, body)).Then(SimulatorFault.Status(404, body));
        await LogAsync(() => client.Videos.DownloadAsync(task, new MemoryStream(), cancellationToken: Token));

        async Task FailAsync(SimulatorOperation operation, SimulatorFault fault, Func<Task> call)
        {
            Simulator.Faults.On(platform, operation).Then(fault);
            await LogAsync(call);
        }

        async Task LogAsync(Func<Task> call)
        {
            var error = await Assert.ThrowsAnyAsync<Sora2Exception>(call);
            log.Log(LogLevel.Error, error, "It went wrong: {Message}", error.Message);
        }
    }
}
