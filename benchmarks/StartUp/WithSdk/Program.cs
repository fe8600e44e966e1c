using Sora2.Sdk;

// Makes one video on Juxin with the SDK; ByHand does the same without it.
// With only an address and a key as arguments it creates its client and ends.
using var client = Sora2Client.Create(Sora2Platform.Juxin, args[1], options =>
{
    options.BaseAddress = new Uri(args[0]);
    options.AllowPrivateNetworkDownloads = true;
    options.PollInterval = TimeSpan.FromMilliseconds(1); // measures the work, not the wait
});

if (args is [_, _, var file])
{
    var task = await client.Videos.GenerateAsync(new VideoRequest("A corgi surfs at sunset"));
    await client.Videos.DownloadAsync(task, file);
}
