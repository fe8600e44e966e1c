<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Resumes a task by its id, wherever it was created. Costs nothing.

using var client = Sora2Client.Create(Sora2Platform.Juxin, Util.GetPassword("juxin"));
var taskId = Util.ReadLine("The task's id");

var task = await client.Videos.GetAsync(taskId);
var live = new DumpContainer(task).Dump("Polled at once, then every 30 seconds");
await foreach (var state in client.Videos.WatchAsync(taskId))
{
    live.Content = task = state;
}

if (task.Status == VideoTaskStatus.Succeeded)
{
    var folder = Util.ReadLine("Which folder to save it in", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.MyVideos), "Sora2"));
    Directory.CreateDirectory(folder);
    var file = await client.Videos.DownloadToDirectoryAsync(task, folder);
    file.Dump();
}
