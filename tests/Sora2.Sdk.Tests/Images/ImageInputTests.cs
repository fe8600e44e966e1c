using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Images;

/// <summary>Each kind of input arrives on each kind of route, detected by its content.</summary>
public sealed class ImageInputTests
{
    public static TheoryData<byte[], string, string> Kinds => new()
    {
        { TinyImages.Png, "image/png", "png" },
        { TinyImages.Jpeg, "image/jpeg", "jpg" },
        { TinyImages.Gif, "image/gif", "gif" },
        { TinyImages.WebP, "image/webp", "webp" },
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public async Task Image_is_detected_by_its_content(byte[] image, string mediaType, string extension)
    {
        var json = await CreateVideoAsync(ImageInput.FromBytes(image));
        var form = await CreateStoryboardAsync(ImageInput.FromBytes(image));

        Assert.Contains($"\"data:{mediaType};base64,{Convert.ToBase64String(image)}\"", json.Text, StringComparison.Ordinal);
        Assert.Contains($"filename=\"image-1.{extension}\"\r\nContent-Type: {mediaType}\r\n\r\n", form.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_stream_and_data_uri_send_the_same_bytes()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + "小猫 1.txt"); // the name is wrong on purpose
        await File.WriteAllBytesAsync(path, TinyImages.Png, TestContext.Current.CancellationToken);
        try
        {
            using var seekable = new MemoryStream([9, 9, .. TinyImages.Png]) { Position = 2 };
            using var trickle = new TricklingStream(TinyImages.Png);
            var expected = (await CreateVideoAsync(ImageInput.FromBytes(TinyImages.Png))).Text;
            var form = (await CreateStoryboardAsync(ImageInput.FromBytes(TinyImages.Png))).BytesWithoutBoundary;

            var dataUri = "data:;base64," + Convert.ToBase64String(TinyImages.Png);
            foreach (var input in new[] { ImageInput.FromFile(path), ImageInput.FromStream(seekable), ImageInput.FromDataUri(dataUri) })
            {
                Assert.Equal(expected, (await CreateVideoAsync(input)).Text);
                Assert.Equal(form, (await CreateStoryboardAsync(input)).BytesWithoutBoundary);
            }

            Assert.Equal(expected, (await CreateVideoAsync(ImageInput.FromStream(trickle))).Text);
            Assert.True(seekable.CanRead, "the caller's stream is left open");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(96 * 1024 - 1)]
    [InlineData(96 * 1024)]
    [InlineData(96 * 1024 + 1)]
    [InlineData(500_000)]
    public async Task Large_image_is_complete_in_base64(int extra)
    {
        byte[] image = [.. TinyImages.Png, .. Enumerable.Range(0, extra).Select(i => (byte)(i * 31))];

        var sent = await CreateVideoAsync(ImageInput.FromBytes(image));

        Assert.Contains($";base64,{Convert.ToBase64String(image)}\"", sent.Text, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {sent.Body.Length}\n", sent.Headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<svg xmlns='x'/>", "an SVG image")]
    [InlineData("\uFEFF<?xml version='1.0'?>\n<!-- drawn by hand -->\n<svg/>", "an SVG image")]
    [InlineData("\n<!DOCTYPE html><html>", "HTML or XML")]
    [InlineData("{\"error\":\"没有\"}\r\n", "text")]
    [InlineData("BMW", "text")]
    [InlineData("%PDF-1.7 ....", "a PDF")]
    [InlineData("\0\0\0\u001cftypisom0000", "a video")]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0mif1avif", "an AVIF image")]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0mif1heic", "a HEIC image")]
    [InlineData("\u001aE", "something else")]
    public async Task Content_that_is_not_an_image_is_named(string content, string name)
    {
        var image = ImageInput.FromBytes(System.Text.Encoding.UTF8.GetBytes(content));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => CreateVideoAsync(image));

        Assert.Contains("The image is " + name + ".", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data:image/png;base64,")]
    [InlineData("DATA:IMAGE/PNG;BASE64,")]
    [InlineData(" data:image/png;charset=utf-8;name=a;base64,")]
    [InlineData("data:;base64,")]
    [InlineData("data:text/plain;base64,\r\n \t")]
    public async Task Data_uri_is_accepted_as_browsers_accept_it(string head)
    {
        var base64 = Convert.ToBase64String(TinyImages.Png);
        var expected = (await CreateVideoAsync(ImageInput.FromBytes(TinyImages.Png))).Text;

        Assert.Equal(expected, (await CreateVideoAsync(ImageInput.FromDataUri(head + base64))).Text);
        Assert.Equal(expected, (await CreateVideoAsync(ImageInput.FromDataUri(head + base64.Insert(40, "\r\n ") + "\n"))).Text);
        Assert.Equal(expected, (await CreateVideoAsync(ImageInput.FromDataUri(head + Uri.EscapeDataString(base64)))).Text);
    }

    [Theory]
    [InlineData("", "The text is not a base64 data URI")]
    [InlineData("data:image/png;base64", "The text is not a base64 data URI")]
    [InlineData("data:image/svg+xml,%3Csvg/%3E", "The text is not a base64 data URI")]
    [InlineData("data:image/png,;base64,AAAA", "The text is not a base64 data URI")]
    [InlineData("https://img.example.com/a.png", "The text is not a base64 data URI")]
    [InlineData("data:image/png;base64,AAA", "The part after \"base64,\" is not valid base64.")]
    [InlineData("data:image/png;base64,A-_A", "The part after \"base64,\" is not valid base64.")]
    [InlineData("data:image/png;base64,%zz", "The part after \"base64,\" is not valid base64.")]
    public void Text_that_is_not_a_data_uri_is_refused_at_once(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => ImageInput.FromDataUri(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Data_uri_is_not_decoded_before_its_size_is_checked()
    {
        var text = "data:image/png;base64," + new string('A', 40_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var input = ImageInput.FromDataUri(text);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal("DataUriImage { 30000000 bytes }", input.ToString());
    }

    [Fact]
    public async Task Web_image_that_cannot_be_fetched_stops_the_create()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        using var client = TestClients.Create(
            Sora2Platform.Juxin, api, media: new StubHandler((_, _) => StubHandler.Json("{}", System.Net.HttpStatusCode.NotFound)));

        var storyboard = Board(ImageInput.FromUrl(new Uri("https://img.example.com/a.png?sig=secret")));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(storyboard));

        Assert.Contains("https://img.example.com/a.png cannot be fetched", error.Message, StringComparison.Ordinal);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(api.Sent);
    }

    private static async Task<SentRequest> CreateVideoAsync(ImageInput image)
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Zhenzhen));
        using var client = TestClients.Create(Sora2Platform.Zhenzhen, api);
        await client.Videos.CreateAsync(new VideoRequest("a") { Images = [image] });
        return api.Sent[0];
    }

    private static async Task<SentRequest> CreateStoryboardAsync(ImageInput image)
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        using var client = TestClients.Create(Sora2Platform.Juxin, api);
        await client.Videos.CreateAsync(Board(image));
        return api.Sent[0];
    }

    private static Storyboard Board(ImageInput image) => new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10), image).Build();
}
