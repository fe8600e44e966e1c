<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Makes a video of several shots. Running this makes a 10 s video at Juxin and COSTS MONEY.

var storyboard = new StoryboardBuilder()
    .AddShot("An eagle takes off from a cliff", TimeSpan.FromSeconds(4))
    .AddShot("It circles over the valley", TimeSpan.FromSeconds(3.5))
    .AddShot("老鹰落在雪山上", TimeSpan.FromSeconds(2.5))
    .Build();
storyboard.Dump();
storyboard.ToPrompt().Dump("Sent to the platform");

using var client = Sora2Client.Create(Sora2Platform.Juxin, Util.GetPassword("juxin"));
var created = await client.Videos.CreateAsync(storyboard);
var video = await client.Videos.WaitAsync(created.Id);
video.Dump();
