using System.Text;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>The main flow on both platforms, over real sockets: create, wait, download, storyboards, characters.</summary>
public sealed class HappyPathTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Text_becomes_a_file(string platform)
    {
        var client = Client(platform);
        var reports = new List<VideoTask>();

        var task = await client.Videos.GenerateAsync(
            new VideoRequest("一只柯基在夕阳下冲浪") { Duration = TimeSpan.FromSeconds(15) },
            progress: new SyncProgress<VideoTask>(reports.Add),
            cancellationToken: Token);
        var video = await client.Videos.DownloadAsync(task, Path.Combine(Folder, "corgi.mp4"), cancellationToken: Token);

        Assert.Equal((VideoTaskStatus.Succeeded, true, platform, 100.0), (task.Status, task.IsCompleted, task.PlatformName, task.Progress));
        Assert.All(reports, report => Assert.Equal(task.Id, report.Id));
        Assert.Equal(reports.Select(report => report.Progress ?? 0).Order(), reports.Select(report => report.Progress ?? 0));
        Assert.Equal((Path.Combine(Folder, "corgi.mp4"), task.Id, "video/mp4"), (video.Path, video.TaskId, video.ContentType));
        var bytes = await File.ReadAllBytesAsync(video.Path!, Token);
        Assert.Equal(video.Length, bytes.Length);
        Assert.Equal("ftyp", Encoding.ASCII.GetString(bytes, 4, 4));
        Assert.Equal(["corgi.mp4"], Directory.GetFiles(Folder).Select(Path.GetFileName));

        Assert.Equal(1, Simulator.Ledger.BilledCreates);
        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.CreateVideo, platform));
        Assert.All(
            Simulator.Ledger.Requests.Where(request => request.Platform != "media"), request => Assert.True(request.AuthorizationMatched));
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Media), request => Assert.False(request.CarriedKey));
    }

    [Theory]
    [AllPlatforms]
    public async Task Images_of_every_source_arrive(string platform)
    {
        var client = Client(platform);
        var path = Path.Combine(Folder, "小猫 1.png");
        await File.WriteAllBytesAsync(path, TinyImages.Png, Token);
        using var stream = new MemoryStream(TinyImages.Png);
        var url = new Uri(Simulator.MediaBaseAddress, "/images/picture.jpg");

        ImageInput[] given =
            [ImageInput.FromFile(path), ImageInput.FromStream(stream), ImageInput.FromBytes(TinyImages.Png), ImageInput.FromUrl(url)];
        await client.Videos.CreateAsync(new VideoRequest("They wake up") { Images = given }, Token);

        var sent = Simulator.Ledger.Of(SimulatorOperation.CreateVideo, platform).Single().Json!.Value;
        var images = sent.GetProperty("images").EnumerateArray().Select(image => image.GetString()).ToList();
        var dataUri = "data:image/png;base64," + Convert.ToBase64String(TinyImages.Png);
        Assert.Equal([dataUri, dataUri, dataUri, url.AbsoluteUri], images);
    }

    [Theory]
    [AllPlatforms]
    public async Task Storyboard_becomes_a_video(string platform)
    {
        var client = Client(platform);

        var created = await client.Videos.CreateAsync(
            ThreeShots(ImageInput.FromBytes(TinyImages.Png)) with { AspectRatio = AspectRatio.Portrait9x16 }, Token);
        var task = await client.Videos.WaitAsync(created.Id, cancellationToken: Token);

        Assert.NotNull(task.VideoUrl);
        Assert.Equal(created.Id, task.Id);
        var sent = Simulator.Ledger.Of(SimulatorOperation.CreateStoryboard, platform).Single();
        Assert.True(sent.WasBilled);
        if (platform == "juxin")
        {
            Assert.Equal(["model", "prompt", "seconds", "size", "watermark", "private", "input_reference"], sent.FormPartNames);
            Assert.Equal(("10", "9x16"), (sent.FormFields["seconds"].Single(), sent.FormFields["size"].Single()));
            Assert.Equal(TinyImages.Png, sent.FormFiles.Single().Content.ToArray());
        }
        else
        {
            Assert.StartsWith(
                "Shot 1:\nduration: 5sec\nScene: 老鹰展翅高飞\n\nShot 2:\nduration: 2.5sec\n",
                sent.Json!.Value.GetProperty("prompt").GetString(),
                StringComparison.Ordinal);
            Assert.Equal("10", sent.Json.Value.GetProperty("duration").GetString());
        }
    }

    [Fact]
    public async Task Web_image_is_fetched_for_a_form_without_the_key()
    {
        var url = (await Client("juxin").Characters.CreateAsync(
            CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3)), Token)).ProfilePictureUrl!;

        await Client("juxin").Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(url)), Token);

        var file = Simulator.Ledger.Of(SimulatorOperation.CreateStoryboard).Single().FormFiles.Single();
        Assert.Equal(("image-1.jpg", "image/jpeg"), (file.FileName, file.ContentType));
        var fetched = Simulator.Ledger.Of(SimulatorOperation.Media).Single();
        Assert.False(fetched.CarriedKey);
        Assert.Equal(200, fetched.StatusCode);
    }

    [Theory]
    [AllPlatforms]
    public async Task Character_of_a_finished_task_can_be_mentioned_on_either_platform(string platform)
    {
        var client = Client(platform);
        var task = await client.Videos.GenerateAsync(new VideoRequest("A kitten on a beach"), cancellationToken: Token);

        var character = await client.Characters.CreateAsync(CharacterRequest.FromTask(task.Id, new TimeRange(1, 3)), Token);
        foreach (var other in Sora2Platform.BuiltIn)
        {
            await Client(other.Name).Videos.CreateAsync(new VideoRequest($"{character.Mention} plays the drums"), Token);

            Assert.Equal([character.Username], Simulator.Ledger.Of(SimulatorOperation.CreateVideo, other.Name)[^1].Mentions);
        }

        Assert.Equal(4, Simulator.Ledger.BilledCreates);
        Assert.False(Simulator.Ledger.Of(SimulatorOperation.CreateCharacter).Single().Json!.Value.TryGetProperty("model", out _));
    }

    [Theory]
    [AllPlatforms]
    public async Task Character_can_come_from_a_web_video(string platform)
    {
        var character = await Client(platform).Characters.CreateAsync(
            CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(0.5, 2.25)), Token);

        Assert.Equal("@" + character.Username, character.Mention);
        Assert.Equal(
            "0.5,2.25", Simulator.Ledger.Of(SimulatorOperation.CreateCharacter).Single().Json!.Value.GetProperty("timestamps").GetString());
    }

    [Fact]
    public async Task Other_models_of_Zhenzhen_make_long_and_HD_videos()
    {
        var client = Client("zhenzhen");

        await client.Videos.CreateAsync(new VideoRequest("a") { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(25) }, Token);
        await client.Videos.CreateAsync(
            new VideoRequest("a") { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(15), HighDefinition = true }, Token);
        await client.Videos.CreateAsync(new VideoRequest("a") { Model = "sora-2-vip" }, Token);

        Assert.Equal(3, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task One_client_makes_many_videos_at_once(string platform)
    {
        var client = Client(platform);

        var tasks = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => client.Videos.GenerateAsync(new VideoRequest($"Number {i}"), cancellationToken: Token)));

        Assert.Equal(50, tasks.Select(task => task.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(50, Simulator.Ledger.BilledCreates);
    }
}
