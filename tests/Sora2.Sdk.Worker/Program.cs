using System.Globalization;
using Sora2.Sdk;

// What an application does that may be killed at any moment: it takes up what is open, then makes what is missing. Tests kill it.
if (args is not [var platform, var baseAddress, var key, var folder, var count])
{
    Console.Error.WriteLine("platform, base address, key, folder and number of videos are needed.");
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
var videos = Path.Combine(folder, "videos") + Path.DirectorySeparatorChar;

await foreach (var open in client.Videos.ResumeAsync().ConfigureAwait(false))
{
    if (open.Task is { } task)
    {
        await client.Videos.DownloadAsync(task, videos).ConfigureAwait(false);
    }
    else
    {
        Console.WriteLine($"{open.Record.Key}: {open.Error!.Message}");
    }
}

var made = (await store.ListAsync().ConfigureAwait(false)).Count;
await Task.WhenAll(Enumerable.Range(made, Math.Max(0, int.Parse(count, CultureInfo.InvariantCulture) - made)).Select(MakeAsync)).ConfigureAwait(false);
return 0;

async Task MakeAsync(int number)
{
    try
    {
        var task = await client.Videos.GenerateAsync(new VideoRequest(string.Create(CultureInfo.InvariantCulture, $"Video {number}"))).ConfigureAwait(false);
        await client.Videos.DownloadAsync(task, videos).ConfigureAwait(false);
    }
    catch (SubmissionUnknownException e)
    {
        Console.WriteLine(e.Message);
    }
}
