<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Shows a task while it runs. Running this makes a 15 s video at Juxin and COSTS MONEY.
// You can press Stop: the task keeps running at the platform, and "6 Resume a task" shows it again by its id.

using var client = Sora2Client.Create(Sora2Platform.Juxin, Util.GetPassword("juxin"));

var request = new VideoRequest("小猫醒来，伸个懒腰") { Duration = TimeSpan.FromSeconds(15), AspectRatio = AspectRatio.Portrait9x16 };
var task = await client.Videos.CreateAsync(request);

var live = new DumpContainer(task).Dump("Every 30 seconds");
await foreach (var state in client.Videos.WatchAsync(task.Id))
{
    live.Content = state;
}
