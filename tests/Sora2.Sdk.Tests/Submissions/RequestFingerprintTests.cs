using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Submissions;

namespace Sora2.Sdk.Tests.Submissions;

/// <summary>Which requests with one key count as the same.</summary>
public sealed class RequestFingerprintTests
{
    private static readonly VideoRequest Request = new("小猫")
    {
        Model = "sora-2",
        Duration = TimeSpan.FromSeconds(10),
        ExtraFields = new JsonObject { ["b"] = "阳光", ["a"] = new JsonObject { ["y"] = 1, ["x"] = 2.5 } },
        Images = [ImageInput.FromUrl(new Uri("https://example.com/a.png")), ImageInput.FromBytes(TinyImages.Png).AsFirstFrame()],
    };

    public static TheoryData<string, GenerationRequest> Others() => new()
    {
        { "prompt", Request with { Prompt = "小狗" } },
        { "model", Request with { Model = null } },
        { "duration", Request with { Duration = null } },
        { "watermark", Request with { Watermark = false } },
        { "extra field", Request with { ExtraFields = new JsonObject { ["b"] = "阳光" } } },
        { "image", Request with { Images = [Request.Images[0]] } },
        { "order of images", Request with { Images = [Request.Images[1], Request.Images[0]] } },
        { "role of an image", Request with { Images = [Request.Images[0], Request.Images[1].AsLastFrame()] } },
        { "address", Request with { Images = [ImageInput.FromUrl(new Uri("https://example.com/b.png")), Request.Images[1]] } },
        { "kind", new RemixRequest("t", "小猫") },
        { "shots", new StoryboardBuilder().AddShot("小猫", TimeSpan.FromSeconds(10)).Build() },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_request_has_another_fingerprint(string what, GenerationRequest other) =>
        Assert.True(RequestFingerprint.Of(Request) != RequestFingerprint.Of(other), what);

    [Fact]
    public void Key_metadata_order_of_extra_fields_and_form_of_an_image_do_not_count()
    {
        var same = Request with
        {
            Key = "k",
            Metadata = new Dictionary<string, string> { ["a"] = "b" },
            ExtraFields = new JsonObject { ["a"] = new JsonObject { ["x"] = 2.5, ["y"] = 1 }, ["b"] = "阳光" },
            Images =
            [
                Request.Images[0],
                ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(TinyImages.Png)).AsFirstFrame(),
            ],
        };

        Assert.Equal(RequestFingerprint.Of(Request), RequestFingerprint.Of(same));
        Assert.Equal(64, RequestFingerprint.Of(Request).Length);
    }

    [Fact]
    public void Request_that_was_read_from_JSON_has_the_same_fingerprint()
    {
        var options = Sora2Json.CreateOptions();
        var info = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<GenerationRequest>)options.GetTypeInfo(typeof(GenerationRequest));

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(Request, info), info)!;

        Assert.Equal(RequestFingerprint.Of(Request), RequestFingerprint.Of(read));
    }
}
