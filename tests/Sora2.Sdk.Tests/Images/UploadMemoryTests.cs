using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Images;

/// <summary>
/// The memory for sending an image of 20 MB. Every allocation on every thread counts, which is never less than the peak; so these run
/// while no other test does.
/// </summary>
[Collection(typeof(Alone))]
public sealed class UploadMemoryTests : IDisposable
{
    private const int Megabyte = 1_000_000;

    private readonly byte[] _picture = [.. TinyImages.Png, .. new byte[20 * Megabyte]];
    private readonly string _path = Path.GetTempFileName();

    public UploadMemoryTests() => File.WriteAllBytes(_path, _picture);

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("juxin", "file")]
    [InlineData("juxin", "bytes")]
    [InlineData("juxin", "stream")]
    [InlineData("zhenzhen", "file")]
    [InlineData("zhenzhen", "bytes")]
    [InlineData("zhenzhen", "stream")]
    public async Task Image_is_streamed_from_its_source_as_a_file_and_in_base64(string platform, string way) =>
        Assert.InRange(await AllocatedAsync(platform, way), 0, Megabyte / 2);

    [Theory]
    [InlineData("juxin", "stream that cannot seek")]
    [InlineData("juxin", "data URI")]
    [InlineData("juxin", "url")]
    [InlineData("zhenzhen", "stream that cannot seek")]
    [InlineData("zhenzhen", "data URI")]
    public async Task Image_that_is_read_first_is_in_memory_once(string platform, string way) =>
        Assert.InRange(await AllocatedAsync(platform, way), 20 * Megabyte, 22 * Megabyte);

    /// <summary>Returns the least of four runs, so that background work of an earlier test does not count.</summary>
    private async Task<long> AllocatedAsync(string platform, string way)
    {
        using var client = TestClients.Create(
            Sora2Platform.BuiltIn.Single(known => known.Name == platform), new Drain(), media: new Drain(_picture));
        var dataUri = way == "data URI" ? "data:image/png;base64," + Convert.ToBase64String(_picture) : "";
        var allocated = long.MaxValue;
        for (var i = 0; i < 4; i++)
        {
            using var stream = new MemoryStream(_picture);
            using var trickle = new TricklingStream(_picture);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var image = way switch
            {
                "file" => ImageInput.FromFile(_path),
                "bytes" => ImageInput.FromBytes(_picture),
                "stream" => ImageInput.FromStream(stream),
                "url" => ImageInput.FromUrl(new Uri("https://img.example.com/large.png")),
                "data URI" => ImageInput.FromDataUri(dataUri),
                _ => ImageInput.FromStream(trickle),
            };
            await client.Videos.CreateAsync(
                new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10), image).Build(), TestContext.Current.CancellationToken);
            allocated = Math.Min(allocated, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return allocated;
    }

    /// <summary>Discards every body and returns an image of unknown length, or an accepted task.</summary>
    private sealed class Drain(byte[]? picture = null) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
            return picture is null
                ? StubHandler.Json("""{"id":"task-1","task_id":"task-1","status":"queued"}""")
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new TricklingStream(picture)) };
        }
    }
}
