<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Many videos, two at a time, each saved as soon as it is there. Running this makes FOUR 10 s videos at Juxin and COSTS MONEY.

using var client = Sora2Client.Create(Sora2Platform.Juxin, Util.GetPassword("juxin"));

string[] prompts = ["A tram crosses a square in the rain", "Paper boats on a river at night", "A lighthouse in a storm", "老鹰落在雪山上"];
var options = new BatchOptions
{
    MaxConcurrency = 2,
    DownloadTo = Util.ReadLine("Which folder to save them in", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.MyVideos), "Sora2")),
};

var items = new List<BatchItem>();
await foreach (var item in client.Videos.GenerateBatchAsync(prompts.Select(prompt => new VideoRequest(prompt)), options))
{
    items.Add(item.Dump());
}

// What went wrong stops no other. This runs only what did not succeed, waits for what has an id, and creates nothing twice:
// await foreach (var item in client.Videos.ResumeBatchAsync(items, options)) item.Dump();
$"{items.Count(item => item.State == BatchItemState.Succeeded)} of {items.Count} succeeded".Dump();
