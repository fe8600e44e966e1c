using System.Globalization;
using Sora2.Sdk;

// An application that may be killed at any moment: it resumes open tasks, then generates missing videos. Tests kill it.
if (args is not [var platform, var baseAddress, var key, var folder, var count])
{
    Console.Error.WriteLine("Arguments: platform, base address, key, folder and number of videos.");
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
        Console.WriteLine($"{open.Record.Key}: {open.Error!.GetType().Name}: {open.Error.Message}");
    }
}

var made = (await store.ListAsync().ConfigureAwait(false)).Count;
var missing = Math.Max(0, int.Parse(count, CultureInfo.InvariantCulture) - made);
await Task.WhenAll(Enumerable.Range(made, missing).Select(MakeAsync)).ConfigureAwait(false);
return 0;

async Task MakeAsync(int number)
{
    try
    {
        var request = new VideoRequest(string.Create(CultureInfo.InvariantCulture, $"Video {number}"));
        var task = await client.Videos.GenerateAsync(request).ConfigureAwait(false);
        await client.Videos.DownloadAsync(task, videos).ConfigureAwait(false);
    }
    catch (SubmissionUnknownException e)
    {
        Console.WriteLine(e.Message);
    }
}
