using Sora2.Sdk;

// One video on Juxin, with the SDK; ByHand does the same without. With nothing but an address and a key it makes its client and ends.
using var client = Sora2Client.Create(Sora2Platform.Juxin, args[1], options =>
{
    options.BaseAddress = new Uri(args[0]);
    options.AllowPrivateNetworkDownloads = true;
    options.PollInterval = TimeSpan.FromMilliseconds(1); // what it costs, not what it waits
});

if (args is [_, _, var file])
{
    var task = await client.Videos.GenerateAsync(new VideoRequest("A corgi surfs at sunset"));
    await client.Videos.DownloadAsync(task, file);
}
