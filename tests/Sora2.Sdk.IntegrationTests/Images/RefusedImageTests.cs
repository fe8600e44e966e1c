using System.Text;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Images;

/// <summary>What cannot be sent is named, and not a byte of the request leaves.</summary>
public sealed class RefusedImageTests : SimulatorTest
{
    private static readonly Dictionary<string, (byte[] Content, string Named)> Files = new(StringComparer.Ordinal)
    {
        ["HEIC"] = (TinyImages.Heic, "is a HEIC image. The platforms take PNG, JPEG, WebP and GIF: convert it first."),
        ["AVIF"] = (TinyImages.Avif, "is an AVIF image. The platforms"),
        ["BMP"] = (TinyImages.Bmp, "is a BMP image. The platforms"),
        ["TIFF"] = (TinyImages.Tiff, "is a TIFF image. The platforms"),
        ["PDF"] = (Encoding.ASCII.GetBytes("%PDF-1.7\n"), "is a PDF. The platforms"),
        ["SVG"] = (Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "is an SVG image. The platforms"),
        ["text"] = (Encoding.UTF8.GetBytes("一只小猫\n"), "is text. The platforms"),
        ["video"] = ([0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0, .. "isommp42"u8], "is a video. The platforms"),
        ["empty"] = ([], "is empty"),
        ["cut off"] = (TinyImages.Jpeg[..160], "is a damaged JPEG: it does not say its size."),
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
    public async Task A_file_that_is_no_image_is_refused_before_anything_is_sent(string platform, string kind)
    {
        var path = Path.Combine(Folder, "picture.png");
        var expected = kind switch
        {
            "missing" => "cannot be read: Could not find file",
            "a directory" => "is a directory. Name the image file in it.",
            "oversize" => "is larger than 64 MiB, the most that is sent to " + (platform == "juxin" ? "Juxin" : "Zhenzhen") + ". Scale it down.",
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
    public async Task The_same_content_is_refused_however_it_is_given(string platform)
    {
        foreach (var (content, named) in Files.Values)
        {
            using var stream = new MemoryStream(content);
            using var trickle = new TricklingStream(content);
            ImageInput[] inputs = [ImageInput.FromBytes(content), ImageInput.FromStream(stream), ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(content))];
            foreach (var input in inputs)
            {
                await AssertRefusedAsync(Client(platform), input, "The image " + named);
            }

            Assert.Contains(named, (await Assert.ThrowsAsync<Sora2ValidationException>(() => Client(platform).Videos.CreateAsync(new VideoRequest("a") { Images = [ImageInput.FromStream(trickle)] }, Token))).Message, StringComparison.Ordinal);
        }

        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task The_limit_is_the_platforms_own_and_holds_for_every_way_to_give_an_image()
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

        await client.Storyboards.CreateAsync(Board(ImageInput.FromBytes(tooLarge.AsMemory(0, 1000))), Token);
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
            var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Storyboards.CreateAsync(Board(input), Token));
            Assert.EndsWith(" is larger than 1000 bytes, the most that is sent to Frugal. Scale it down. Nothing was sent.", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Simulator.Ledger.Requests);
    }

    private static Storyboard Board(ImageInput image) => ThreeShots(image) with { Model = "sora-2-all" };

    private async Task AssertRefusedAsync(Sora2Client client, ImageInput image, string message)
    {
        foreach (var create in new[] { () => client.Videos.CreateAsync(new VideoRequest("a") { Images = [image] }, Token), () => client.Storyboards.CreateAsync(ThreeShots(image), Token) })
        {
            var error = await Assert.ThrowsAsync<Sora2ValidationException>(create);
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
            Assert.EndsWith(" Nothing was sent.", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Simulator.Ledger.Requests);
    }

    private sealed class FrugalPlatform() : LikeJuxin("frugal")
    {
        public override long MaxImageBytes => 1000;

        public override ApiRequest EncodeStoryboard(Storyboard storyboard) => Juxin.EncodeStoryboard(storyboard);
    }
}
