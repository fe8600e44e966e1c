using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>The body of a request byte for byte, without the indentation and the line feeds of the snapshots.</summary>
public sealed partial class RawBodyTests : WireTest
{
    [Theory]
    [AllPlatforms]
    public async Task Json_is_one_line(string platform)
    {
        Api.RespondJson("""{"id":"task-1","task_id":"task-1","status":"queued"}""");

        await Client(platform).Videos.CreateAsync(new VideoRequest("一只柯基在夕阳下冲浪, \"慢动作\" 🌊\n第二行"), Token);

        await Verify(Encoding.UTF8.GetString(Api.Request.Body)).UseParameters(platform);
    }

    [Fact]
    public async Task Form_ends_its_lines_with_CRLF()
    {
        Api.RespondJson("""{"id":"task-1","status":"queued"}""");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + "小猫 1.png");
        await File.WriteAllBytesAsync(path, TinyImages.Png, Token);
        try
        {
            var storyboard = new StoryboardBuilder()
                .AddShot("老鹰展翅高飞", TimeSpan.FromSeconds(5), ImageInput.FromFile(path))
                .AddShot("A dog", TimeSpan.FromSeconds(5))
                .Build();
            await Client("juxin").Videos.CreateAsync(storyboard, Token);
        }
        finally
        {
            File.Delete(path);
        }

        var sent = Api.Request;
        var boundary = Boundary().Match(sent.HeaderOf("Content-Type")).Groups[1].Value;
        byte[] expected =
        [
            .. Field("model", "sora-2-all"),
            .. Field("prompt", "Shot 1:\nduration: 5sec\nScene: 老鹰展翅高飞\n\nShot 2:\nduration: 5sec\nScene: A dog"),
            .. Field("seconds", "10"),
            .. Field("size", "16x9"),
            .. Field("watermark", "false"),
            .. Field("private", "false"),
            .. Encoding.UTF8.GetBytes($"--{boundary}\r\n"),
            .. "Content-Disposition: form-data; name=\"input_reference\"; filename=\"image-1.png\"\r\n"u8,
            .. "Content-Type: image/png\r\n\r\n"u8,
            .. TinyImages.Png,
            .. Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        Assert.NotEmpty(boundary);
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(sent.Body));
        Assert.Equal(expected.Length.ToString(CultureInfo.InvariantCulture), sent.HeaderOf("Content-Length"));

        byte[] Field(string name, string value) =>
            Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }

    [GeneratedRegex("^multipart/form-data; boundary=(Sora2SdkFormBoundary[0-9A-F]{32})$")]
    private static partial Regex Boundary();
}
