using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sora2.Sdk.Smoke;

/// <summary>Every feature on one client; then the records and the library as a later process finds them.</summary>
internal sealed class Flow(IClientHost host, string folder)
{
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR4nGM8UaHBwMDAwMDAxAADABosAWwXscVVAAAAAElFTkSuQmCC");

    private IVideoClient Videos => host.Client.Videos;

    public static async Task RunAsync(string title, string folder, Func<string, IClientHost> open)
    {
        Directory.CreateDirectory(folder);
        await using (var host = open(folder))
        {
            var flow = new Flow(host, folder);
            var video = await flow.VideoAsync();
            await flow.StoryboardAsync();
            await flow.CharacterAsync(video);
            await flow.BatchAsync();
            await flow.FailureAsync();
        }

        await using (var host = open(folder))
        {
            await new Flow(host, folder).LaterAsync();
        }

        Console.WriteLine($"{title}: video, storyboard, character, batch, failure, record");
    }

    private async Task<VideoTask> VideoAsync()
    {
        VideoTask? first = null;
        var request = new VideoRequest("A corgi surfs at sunset")
        {
            AspectRatio = AspectRatio.Portrait9x16,
            Images = [ImageInput.FromBytes(Picture)],
        };
        var task = await Videos.GenerateAsync(request, progress: new SyncProgress<VideoTask>(reported => first ??= reported));
        Check.That(task.IsCompleted && task.VideoUrl is not null, $"the video is available: {task}");
        Check.Equal(task.Id, first?.Id, "the accepted task is reported");
        Check.That(task.Raw.ValueKind == JsonValueKind.Object, "the platform's response is kept");
        Check.Equal("SUCCESS", (string?)task.ToUnifiedJson()["status"], "the unified record");

        var json = (JsonTypeInfo<VideoTask>)Sora2Json.CreateOptions(includeLinks: true).GetTypeInfo(typeof(VideoTask));
        Check.Equal(
            task.VideoUrl, JsonSerializer.Deserialize(JsonSerializer.Serialize(task, json), json)?.VideoUrl, "a task read from its JSON");

        var file = await Videos.DownloadAsync(task, Path.Combine(folder, "video.mp4"), new DownloadOptions { ComputeSha256 = true });
        Check.Equal(new FileInfo(file.Path!).Length, file.Length, "the file's length");
        Check.Equal(64, file.Sha256?.Length, "the checksum's length");
        return task;
    }

    private async Task StoryboardAsync()
    {
        var storyboard = new StoryboardBuilder()
            .AddShot("An eagle takes off from a cliff", TimeSpan.FromSeconds(4))
            .AddShot("老鹰落在雪山上", TimeSpan.FromSeconds(6), ImageInput.FromBytes(Picture))
            .Build();
        Check.Equal(storyboard.ToPrompt(), Storyboard.Parse(storyboard.ToPrompt()).ToPrompt(), "a storyboard read from its prompt");
        Check.Equal(storyboard.ToPrompt(), Storyboard.FromJson(storyboard.ToJson()).ToPrompt(), "a storyboard read from its JSON");

        var created = await host.Client.Videos.CreateAsync(storyboard);
        VideoTask? last = null;
        await foreach (var state in Videos.WatchAsync(created.Id))
        {
            last = state;
        }

        using var stream = new MemoryStream();
        var video = await Videos.DownloadAsync(last!, stream);
        Check.Equal(stream.Length, video.Length, "the stream's length");
    }

    private async Task CharacterAsync(VideoTask source)
    {
        var character = await host.Client.Characters.CreateAsync(
            CharacterRequest.FromTask(source.Id, new TimeRange(1, 3)) with { Alias = "阳光小猫" });
        var task = await Videos.CreateAsync(new VideoRequest("@阳光小猫在海边玩"));
        Check.Equal($"{character.Mention} 在海边玩", task.Mentions?.Prompt, "the mention");
        await Videos.WaitAsync(task.Id);
    }

    private async Task BatchAsync()
    {
        var options = new BatchOptions
        {
            MaxConcurrency = 2,
            DownloadTo = Path.Combine(folder, "batch"),
        };
        var requests = Enumerable.Range(1, 3).Select(number => new VideoRequest($"Clip {number}") { Key = $"clip {number}" });
        await foreach (var item in Videos.GenerateBatchAsync(requests, options))
        {
            Check.Equal(BatchItemState.Succeeded, item.State, $"an item of the batch: {item}");
        }

        Check.Equal(3, Directory.GetFiles(options.DownloadTo, "*.mp4").Length, "videos of the batch");
    }

    private async Task FailureAsync()
    {
        var failed = await Check.ThrowsAsync<VideoTaskFailedException>(
            () => Videos.GenerateAsync(new VideoRequest("Something [fail]")), "a task that fails");
        var isNamed = failed.TaskId is not null && failed.PlatformName == host.Client.PlatformName;
        Check.That(isNamed, $"the failure names its task: {failed.Message}");
        var unknown = await Check.ThrowsAsync<Sora2ApiException>(() => Videos.GetAsync("no-such-task"), "a task that does not exist");
        Check.Equal(Sora2ErrorKind.TaskNotFound, unknown.Kind, $"the kind of error: {unknown.Message}");
    }

    /// <summary>Reads the files as a later process does; nothing of it is in memory.</summary>
    private async Task LaterAsync()
    {
        await foreach (var open in Videos.ResumeAsync())
        {
            // The video with the character was awaited above and not downloaded.
            Check.Equal("@阳光小猫在海边玩", open.Record.Prompt, "what is left to do");
            await Videos.DownloadToDirectoryAsync(open.VideoTask!, folder);
        }

        var records = new List<TaskRecord>();
        await foreach (var record in host.Store.ListAsync())
        {
            records.Add(record);
        }

        Check.Equal(6, records.Count(record => record.State == TaskRecordState.Downloaded), "downloads in the record");
        Check.Equal(1, records.Count(record => record.State == TaskRecordState.Failed), "failures in the record");
        var character = records.Single(record => record.Kind == TaskRecordKind.Character);
        Check.Equal(TaskRecordState.Completed, character.State, "the created character in the record");
        Check.That(character.Username is not null, "the record of the character has its username");
        Check.Equal(8, records.Count, "records");
        var used = await host.Library.SearchAsync("小猫", CharacterFilter.RecentlyUsed);
        Check.Equal(1, used.Count, "the character and the time of its use");
    }
}
