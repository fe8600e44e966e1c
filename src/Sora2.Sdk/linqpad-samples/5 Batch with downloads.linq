<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Makes several videos, two at a time, and saves each when it is finished. Running this makes FOUR 10 s videos at Juxin and COSTS MONEY.

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

// A failed item does not stop the others. This runs only items that did not succeed, waits for those with an id, and creates nothing twice:
// await foreach (var item in client.Videos.ResumeBatchAsync(items, options)) item.Dump();
$"{items.Count(item => item.State == BatchItemState.Succeeded)} of {items.Count} succeeded".Dump();
