using System.Globalization;
using Sora2.Sdk;

// An application that may be killed at any moment: it resumes open tasks, then generates missing videos. Tests kill it.
// With "keyed", it makes one batch whose requests have keys, as often as it is started.
if (args is not [var platform, var baseAddress, var key, var folder, var count, var mode])
{
    Console.Error.WriteLine("Arguments: platform, base address, key, folder, number of videos, and \"keyed\" or \"resumed\".");
    return 2;
}

using var store = new FileTaskStore(Path.Combine(folder, "records"));
using var client = new Sora2Client(new Sora2ClientOptions
{
    Platform = platform,
    BaseAddress = new Uri(baseAddress),
    ApiKey = key,
    TaskStore = store,
    AllowPrivateNetworkDownloads = true,
    PollInterval = TimeSpan.FromMilliseconds(20),
    RetryDelay = TimeSpan.FromMilliseconds(10),
    MaxRunningTasks = 6,
});
var videos = Path.Combine(folder, "videos");
if (mode == "keyed")
{
    var requests = Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(
        number => new VideoRequest(string.Create(CultureInfo.InvariantCulture, $"Video {number}"))
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{number}.json"),
        });
    var options = new BatchOptions { DownloadTo = videos, Download = new DownloadOptions { FileNameTemplate = "{key}" } };
    await foreach (var item in client.Videos.GenerateBatchAsync(requests, options).ConfigureAwait(false))
    {
        Console.WriteLine(item);
    }

    return 0;
}

await foreach (var open in client.Videos.ResumeAsync().ConfigureAwait(false))
{
    if (open.VideoTask is { } task)
    {
        await client.Videos.DownloadToDirectoryAsync(task, videos).ConfigureAwait(false);
    }
    else
    {
        Console.WriteLine($"{open.Record.Id}: {open.Error!.GetType().Name}: {open.Error.Message}");
    }
}

var made = 0;
await foreach (var _ in store.ListAsync().ConfigureAwait(false))
{
    made++;
}

var missing = Math.Max(0, int.Parse(count, CultureInfo.InvariantCulture) - made);
await Task.WhenAll(Enumerable.Range(made, missing).Select(MakeAsync)).ConfigureAwait(false);
return 0;

async Task MakeAsync(int number)
{
    try
    {
        var request = new VideoRequest(string.Create(CultureInfo.InvariantCulture, $"Video {number}"));
        var task = await client.Videos.GenerateAsync(request).ConfigureAwait(false);
        await client.Videos.DownloadToDirectoryAsync(task, videos).ConfigureAwait(false);
    }
    catch (SubmissionUnknownException e)
    {
        Console.WriteLine(e.Message);
    }
}
