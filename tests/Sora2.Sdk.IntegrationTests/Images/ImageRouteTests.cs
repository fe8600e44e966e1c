using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Images;

/// <summary>Each kind of image input arrives byte for byte on each route that accepts images, over real sockets.</summary>
public sealed class ImageRouteTests : SimulatorTest
{
    private static readonly byte[] Picture = Pictures.Png(200_001);

    public static TheoryData<string, string, string> Ways
    {
        get
        {
            var ways = new TheoryData<string, string, string>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var route in new[] { "video", "storyboard" })
                {
                    string[] sources = ["url", "file", "bytes", "stream", "middle of a stream", "stream that cannot seek", "data URI"];
                    foreach (var way in sources)
                    {
                        ways.Add(platform.Name, route, way);
                    }
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Image_arrives(string platform, string route, string way)
    {
        await using var web = await ImageHost.StartAsync(http => http.Response.Body.WriteAsync(Picture, Token).AsTask());
        var path = Path.Combine(Folder, "小猫 1.png");
        await File.WriteAllBytesAsync(path, Picture, Token);
        using Stream stream = way == "stream that cannot seek"
            ? new TricklingStream(Picture)
            : new MemoryStream(way == "stream" ? Picture : [1, 2, 3, .. Picture]);
        stream.ReadExactly(new byte[way == "middle of a stream" ? 3 : 0]);
        var image = way switch
        {
            "url" => ImageInput.FromUrl(new Uri(web.Address, "/小猫.png?sig=1")),
            "file" => ImageInput.FromFile(path),
            "bytes" => ImageInput.FromBytes(Picture),
            "data URI" => ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(Picture)),
            _ => ImageInput.FromStream(stream),
        };

        var client = Client(platform);
        var times = way == "stream that cannot seek" ? 1 : 2;
        for (var i = 0; i < times; i++)
        {
            await CreateAsync(client, route, image);
        }

        Assert.Equal(times, Simulator.Ledger.BilledCreates);
        Assert.All(
            Simulator.Ledger.Requests,
            sent => Assert.True(
                way == "url" && sent.Json is not null
                    ? AddressIn(sent) == web.Address + "%E5%B0%8F%E7%8C%AB.png?sig=1"
                    : Picture.AsSpan().SequenceEqual(ImageIn(sent)),
                "the image that arrived differs"));
        Assert.Equal(way == "url" && (platform, route) == ("juxin", "storyboard") ? times : 0, web.Asked.Count);
        Assert.All(web.Asked, request => Assert.DoesNotContain("uthorization", request.Headers, StringComparison.Ordinal));
        Assert.True(stream.CanRead, "the caller's stream is left open");
    }

    [Theory]
    [AllPlatforms]
    public async Task Consumed_stream_that_cannot_seek_is_reported(string platform)
    {
        using var stream = new TricklingStream(Picture);
        var image = ImageInput.FromStream(stream);
        await CreateAsync(Client(platform), "video", image);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => CreateAsync(Client(platform), "video", image));

        Assert.StartsWith("The image is empty", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    private static Task<VideoTask> CreateAsync(Sora2Client client, string route, ImageInput image) => route == "video"
        ? client.Videos.CreateAsync(new VideoRequest("It wakes up") { Images = [image] }, Token)
        : client.Videos.CreateAsync(ThreeShots(image), Token);

    private static string AddressIn(SimulatorRequest sent) => sent.Json!.Value.GetProperty("images")[0].GetString()!;

    private static byte[] ImageIn(SimulatorRequest sent) => sent.FormFiles.Count > 0
        ? sent.FormFiles.Single().Content.ToArray()
        : Convert.FromBase64String(AddressIn(sent)["data:image/png;base64,".Length..]);
}
