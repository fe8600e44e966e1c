using System.Net.Http.Headers;
using System.Net.Http.Json;
using Sora2.Sdk.Benchmarks.StartUp;

// Makes one video on Juxin without the SDK: no retries, no timeout of its own, no resuming.
// With only an address and a key as arguments it creates its client and ends.
using var client = new HttpClient { BaseAddress = new Uri(args[0]) };
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", args[1]);

if (args is [_, _, var file])
{
    var order = new Order("sora-2-all", "A corgi surfs at sunset", 10, "16:9", "landscape", "small", false, false, []);
    using var created = await client.PostAsJsonAsync("v1/video/create", order, Wire.Default.Order);
    created.EnsureSuccessStatusCode();
    var state = (await created.Content.ReadFromJsonAsync(Wire.Default.State))!;
    var id = Uri.EscapeDataString(state.Id);
    while (state.Status != "completed" || state.VideoUrl is null)
    {
        if (state.Status == "failed")
        {
            throw new InvalidOperationException("The video was not made.");
        }

        state = (await client.GetFromJsonAsync($"v1/video/query?id={id}", Wire.Default.State))!;
        if (state.Status != "completed")
        {
            await Task.Delay(1);
        }
    }

    using var media = new HttpClient(); // the key is not for the media host
    using var video = await media.GetAsync(state.VideoUrl, HttpCompletionOption.ResponseHeadersRead);
    video.EnsureSuccessStatusCode();
    await using var target = File.Create(file);
    await video.Content.CopyToAsync(target);
}
