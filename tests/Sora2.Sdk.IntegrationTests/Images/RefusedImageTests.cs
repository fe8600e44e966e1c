using System.Text;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.IntegrationTests.Images;

/// <summary>An image that cannot be sent is named in the error, and no byte of the request is sent.</summary>
public sealed class RefusedImageTests : SimulatorTest
{
    private static readonly Dictionary<string, (byte[] Content, string Named)> Files = new(StringComparer.Ordinal)
    {
        ["HEIC"] = (TinyImages.Heic, "is a HEIC image."),
        ["AVIF"] = (TinyImages.Avif, "is an AVIF image. The platforms"),
        ["BMP"] = (TinyImages.Bmp, "is a BMP image. The platforms"),
        ["TIFF"] = (TinyImages.Tiff, "is a TIFF image. The platforms"),
        ["PDF"] = (Encoding.ASCII.GetBytes("%PDF-1.7\n"), "is a PDF. The platforms"),
        ["SVG"] = (Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "is an SVG image. The platforms"),
        ["text"] = (Encoding.UTF8.GetBytes("一只小猫\n"), "is text. The platforms"),
        ["video"] = ([0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0, .. "isommp42"u8], "is a video. The platforms"),
        ["empty"] = ([], "is empty"),
        ["PNG without its end"] = (TinyImages.Png[..^6], "is a truncated PNG"),
        ["JPEG without its end"] = (TinyImages.Jpeg[..^1], "is a truncated JPEG"),
        ["WebP without its end"] = (TinyImages.WebP[..^1], "is a truncated WebP"),
        ["GIF without its end"] = (TinyImages.Gif[..^1], "is a truncated GIF"),
        ["cut off"] = (TinyImages.Jpeg[..160], "is a damaged JPEG"),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var kind in Files.Keys.Concat(["missing", "a directory", "oversize"]))
                {
                    cases.Add(platform.Name, kind);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task File_that_is_not_an_image_is_refused_before_anything_is_sent(string platform, string kind)
    {
        var path = Path.Combine(Folder, "picture.png");
        var expected = kind switch
        {
            "missing" => "cannot be read: Could not find file",
            "a directory" => "is a directory. Name the image file in it.",
            "oversize" => $"is larger than 64 MiB, the limit for {(platform == "juxin" ? "Juxin" : "Zhenzhen")}.",
            _ => Files[kind].Named,
        };
        switch (kind)
        {
            case "missing":
                break;
            case "a directory":
                Directory.CreateDirectory(path);
                break;
            case "oversize":
                await using (var file = File.Create(path))
                {
                    await file.WriteAsync(TinyImages.Png, Token);
                    file.SetLength((64 * 1024 * 1024) + 1);
                }

                break;
            default:
                await File.WriteAllBytesAsync(path, Files[kind].Content, Token);
                break;
        }

        await AssertRefusedAsync(Client(platform), ImageInput.FromFile(path), $"The image (\"{path}\") {expected}");
    }

    [Theory]
    [AllPlatforms]
    public async Task Same_content_is_refused_from_every_source(string platform)
    {
        foreach (var (content, named) in Files.Values)
        {
            using var stream = new MemoryStream(content);
            using var trickle = new TricklingStream(content);
            ImageInput[] inputs =
            [
                ImageInput.FromBytes(content),
                ImageInput.FromStream(stream),
                ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(content)),
            ];
            foreach (var input in inputs)
            {
                await AssertRefusedAsync(Client(platform), input, "The image " + named);
            }

            Assert.Contains(
                named,
                (await Assert.ThrowsAsync<Sora2ValidationException>(() => Client(platform).Videos.CreateAsync(
                    new VideoRequest("a") { Images = [ImageInput.FromStream(trickle)] }, Token))).Message,
                StringComparison.Ordinal);
        }

        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Pipe_is_refused_without_waiting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix has them in its file system.");
        var path = Path.Combine(Folder, "pipe.png");
        UnixFiles.MakePipe(path);

        await AssertRefusedAsync(
            Client("juxin"), ImageInput.FromFile(path), $"The image (\"{path}\") is a pipe, which may never come to an end.");
        await AssertRefusedAsync(
            Client("juxin"), ImageInput.FromFile("/dev/zero"), "The image (\"/dev/zero\") is a device, which may never come to an end.");
    }

    [Fact]
    public async Task Symbolic_link_to_an_image_is_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making a link needs a right there.");
        var path = Path.Combine(Folder, "link.png");
        await File.WriteAllBytesAsync(path + "x", TinyImages.Png, Token);
        File.CreateSymbolicLink(path, path + "x");

        await Client("juxin").Videos.CreateAsync(new VideoRequest("a") { Images = [ImageInput.FromFile(path)] }, Token);

        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Image_that_shrinks_while_it_is_sent_is_not_an_unknown_outcome(string platform)
    {
        var path = Path.Combine(Folder, "shrinking.png");
        await File.WriteAllBytesAsync(path, Pictures.Png(2_000_000), Token);
        using var network = new Shrinking(path) { InnerHandler = new SocketsHttpHandler() };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Client(platform, handler: network).Videos.CreateAsync(
            new VideoRequest("a") { Images = [ImageInput.FromFile(path)] }, Token));

        Assert.Contains("could not be read to its end while it was sent", error.Message, StringComparison.Ordinal);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Platforms_size_limit_holds_for_every_source()
    {
        var tooLarge = Pictures.Png(1001);
        var announced = await ImageHost.StartAsync(http =>
        {
            http.Response.ContentLength = 5_000_000_000;
            return http.Response.StartAsync(http.RequestAborted); // refused by what it announces: nothing more ever comes
        });
        var endless = await ImageHost.StartAsync(async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(tooLarge, http.RequestAborted);
            }
        });
        await using var _ = announced;
        await using var __ = endless;
        var path = Path.Combine(Folder, "large.png");
        await File.WriteAllBytesAsync(path, tooLarge, Token);
        using var stream = new MemoryStream(tooLarge);
        using var trickle = new TricklingStream(tooLarge);
        var client = Client("juxin", options => options.UsePlatform(new FrugalPlatform()));

        await client.Videos.CreateAsync(Board(ImageInput.FromBytes(tooLarge.AsMemory(0, 1000))), Token);
        Simulator.Ledger.Clear();

        ImageInput[] inputs =
        [
            ImageInput.FromFile(path),
            ImageInput.FromBytes(tooLarge),
            ImageInput.FromStream(stream),
            ImageInput.FromStream(trickle),
            ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(tooLarge)),
            ImageInput.FromUrl(announced.Address),
            ImageInput.FromUrl(endless.Address),
        ];
        foreach (var input in inputs)
        {
            var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(Board(input), Token));
            Assert.Contains(" is larger than 1000 bytes", error.Message, StringComparison.Ordinal);
            Assert.Contains("Frugal", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Simulator.Ledger.Requests);
    }

    private static Storyboard Board(ImageInput image) => ThreeShots(image) with { Model = "sora-2-all" };

    private async Task AssertRefusedAsync(Sora2Client client, ImageInput image, string message)
    {
        Func<Task<VideoTask>>[] creates =
        [
            () => client.Videos.CreateAsync(new VideoRequest("a") { Images = [image] }, Token),
            () => client.Videos.CreateAsync(ThreeShots(image), Token),
        ];
        foreach (var create in creates)
        {
            var error = await Assert.ThrowsAsync<Sora2ValidationException>(create);
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
            Assert.EndsWith(" Nothing was sent.", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Simulator.Ledger.Requests);
    }

    /// <summary>Truncates a file when the request with it is about to be sent.</summary>
    private sealed class Shrinking(string path) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using (var file = File.OpenWrite(path))
            {
                file.SetLength(1_500_000);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class FrugalPlatform() : LikeJuxin("frugal")
    {
        public override long MaxImageBytes => 1000;

        public override ApiRequest EncodeStoryboard(Storyboard storyboard) => Juxin.EncodeStoryboard(storyboard);
    }
}
