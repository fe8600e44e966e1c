#!/usr/bin/env dotnet
#:project ../src/Sora2.Sdk
#:project ../src/Sora2.Sdk.Simulator
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=false

// dotnet run samples/batch.cs
//
// Makes several videos at once, with a named character and a task store on the disk. It runs against a simulator inside this process
// and never uses a key. Stop it with Ctrl+C and look into the folder "tasks"; the end of the program shows how to resume after a restart.

using Sora2.Sdk;
using Sora2.Sdk.Simulator;

await using var simulator = await Sora2Simulator.StartAsync(new Sora2SimulatorOptions { SpeedFactor = 100 });
simulator.Faults.On(SimulatorOperation.CreateVideo)
    .Then(SimulatorFault.None, times: 4)
    .Then(SimulatorFault.DropAfterAccept()); // the response to the fifth create is lost

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var library = new CharacterLibrary(new MemoryCharacterStore()); // use a FileCharacterStore to keep it
using var store = new FileTaskStore("tasks");
using var client = Sora2Client.Create(Sora2Platform.Juxin, simulator.ApiKey, options =>
{
    options.BaseAddress = simulator.JuxinBaseAddress;
    options.AllowPrivateNetworkDownloads = true;
    options.PollInterval = TimeSpan.FromMilliseconds(200);
    options.TaskStore = store;
    options.CharacterLibrary = library;
});

// Makes a character from two seconds of a video and names it. That video is downloaded at the end, when open tasks are resumed.
var kitten = await client.Videos.GenerateAsync(new VideoRequest("A kitten in the sun"));
await client.Characters.CreateAsync(CharacterRequest.FromTask(kitten.Id, new TimeRange(1, 3)) with { Alias = "阳光小猫" });

string[] prompts =
[
    "@阳光小猫在海边玩",
    "A corgi surfs at sunset",
    "老鹰落在雪山上",
    "A tram crosses a square in the rain",
    "Paper boats on a river at night",
    "A lighthouse in a storm",
];
var options = new BatchOptions { MaxConcurrency = 3, DownloadTo = "videos" };
var requests = prompts.Select(prompt => new VideoRequest(prompt));
await foreach (var item in client.Videos.GenerateBatchAsync(requests, options, stop.Token))
{
    Console.WriteLine($"{item.Index + 1}. {prompts[item.Index]}: {item.State} {item.Video?.Path}");
    Console.WriteLine(item.Error is null
        ? $"   sent as \"{item.VideoTask?.Mentions?.Prompt ?? prompts[item.Index]}\""
        : $"   {item.Error.Message}");
}

// After a restart: waits for accepted tasks, downloads them and reports unknown outcomes. Nothing is created.
await foreach (var open in client.Videos.ResumeAsync())
{
    Console.WriteLine(open.VideoTask is { } task
        ? $"still open: {(await client.Videos.DownloadToDirectoryAsync(task, "videos")).Path}"
        : $"still unknown: {open.Record.Prompt}");
}

var states = new List<TaskRecordState>();
await foreach (var record in store.ListAsync())
{
    states.Add(record.State);
}

foreach (var state in states.GroupBy(state => state))
{
    Console.WriteLine($"{state.Key}: {state.Count()} in the task store");
}

Console.WriteLine($"{simulator.Ledger.BilledCreates} creates would have been billed.");
