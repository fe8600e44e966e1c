using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Images;

/// <summary>The multipart request as a server receives it, byte for byte.</summary>
public sealed partial class FormBytesTests : SimulatorTest
{
    [Fact]
    public async Task A_form_has_the_shape_that_every_parser_takes()
    {
        var path = Path.Combine(Folder, "小猫 1.png");
        await File.WriteAllBytesAsync(path, TinyImages.Png, Token);

        await Client("juxin").Storyboards.CreateAsync(ThreeShots(ImageInput.FromFile(path)), Token);

        var sent = Assert.Single(Simulator.Ledger.Requests);
        var boundary = Boundary().Match(sent.Headers["Content-Type"]).Groups[1].Value;
        Assert.NotEmpty(boundary);
        byte[] expected =
        [
            .. Text("model", "sora-2-all"),
            .. Text("prompt", "Shot 1:\nduration: 5sec\nScene: 老鹰展翅高飞\n\nShot 2:\nduration: 2.5sec\nScene: It circles over the valley\n\nShot 3:\nduration: 2.5sec\nScene: 它落在雪山上"),
            .. Text("seconds", "10"),
            .. Text("size", "16x9"),
            .. Text("watermark", "false"),
            .. Text("private", "false"),
            .. Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"input_reference\"; filename=\"image-1.png\"\r\nContent-Type: image/png\r\n\r\n"),
            .. TinyImages.Png,
            .. Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(sent.Body.Span));
        Assert.Equal(expected.Length.ToString(CultureInfo.InvariantCulture), sent.Headers["Content-Length"]);
        Assert.DoesNotContain("Transfer-Encoding", sent.Headers.Keys);
        Assert.DoesNotContain("Expect", sent.Headers.Keys);

        byte[] Text(string name, string value) => Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }

    [GeneratedRegex("^multipart/form-data; boundary=(Sora2SdkFormBoundary[0-9A-F]{32})$")]
    private static partial Regex Boundary();
}
