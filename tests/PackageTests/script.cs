#:package Sora2.Sdk@VERSION
#:package Sora2.Sdk.Simulator@VERSION
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=false

// A file-based app with the packed packages: a storyboard, a character and a video with it, on both platforms, saved to files.
// eng/consumer-packages.sh fills in the version.

using Sora2.Sdk;
using Sora2.Sdk.Simulator;

await using var simulator = await Sora2Simulator.StartAsync(new() { SpeedFactor = 1000 });
using var juxin = Connect(Sora2Platform.Juxin, simulator.JuxinBaseAddress);
using var zhenzhen = Connect(Sora2Platform.Zhenzhen, simulator.ZhenzhenBaseAddress);

var storyboard = new StoryboardBuilder()
    .AddShot("An eagle takes off from a cliff", TimeSpan.FromSeconds(4))
    .AddShot("老鹰落在雪山上", TimeSpan.FromSeconds(6))
    .Build();
var eagle = await juxin.Videos.GenerateAsync(storyboard);
var character = await juxin.Characters.CreateAsync(CharacterRequest.FromTask(eagle.Id, new TimeRange(1, 3)));
var drums = await zhenzhen.Videos.GenerateAsync(new VideoRequest($"{character.Mention} plays the drums"));

long bytes = 0;
foreach (var (client, task) in new[] { (juxin, eagle), (zhenzhen, drums) })
{
    bytes += (await client.Videos.DownloadToDirectoryAsync(task, "videos")).Length;
}

Console.WriteLine($"{Directory.GetFiles("videos", "*.mp4").Length} videos, {bytes} bytes, {simulator.Ledger.BilledCreates} creates");

Sora2Client Connect(Sora2Platform platform, Uri address) => Sora2Client.Create(platform, simulator.ApiKey, options =>
{
    options.BaseAddress = address;
    options.PollInterval = TimeSpan.FromMilliseconds(50);
    options.AllowPrivateNetworkDownloads = true;
});
