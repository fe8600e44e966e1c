using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Requests of other clients: refused with strict rules, accepted without.</summary>
public sealed class StrictnessTests : SimulatorHttpTest
{
    private const string RawPng = "iVBORw0KGgoAAQID";

    private Sora2Simulator _lenient = null!;

    public static TheoryData<string, string> Creates => new()
    {
        { "zhenzhen", """{"model":"sora-2","prompt":"x"}""" },
        { "zhenzhen", """{"model":"sora-2","prompt":"x","images":["https://example.com/a.png"],"duration":"10"}""" },
        { "zhenzhen", """{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":10}""" },
        { "zhenzhen", """{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":"10","images":null}""" },
        { "zhenzhen", """{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":"10","images":""}""" },
        { "zhenzhen", """{"model":"sora-2","prompt":"x","aspect_ratio":"auto","duration":"10"}""" },
        { "zhenzhen", $$"""{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":"10","images":["{{RawPng}}"]}""" },
        {
            "zhenzhen",
            """{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":"10","hd":null,"watermark":"false","private":0,"seed":"7"}"""
        },
        { "zhenzhen", """{"model":"sora-2","prompt":"Shot 1:\nduration: five\nScene: x","aspect_ratio":"16:9","duration":"10"}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x"}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait"}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":"15","orientation":"portrait","images":[]}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"square","images":[]}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait","images":[],"size":"1280x720"}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait","images":[],"size":"standard"}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait","images":[],"size":"medium"}""" },
        { "juxin", """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait","aspect_ratio":"16:9","images":[]}""" },
        { "juxin", $$"""{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait","images":["{{RawPng}}"]}""" },
        { "juxin", "{\"model\":\"sora-2-all\",\"prompt\":\"\\ud83d cut\",\"duration\":10,\"orientation\":\"portrait\",\"images\":[]}" },
    };

    [Theory]
    [MemberData(nameof(Creates))]
    public async Task Create_of_another_client_is_refused_when_strict_and_accepted_when_not(string platform, string body)
    {
        var strict = await PostAsync(platform, CreatePath(platform), body);
        var lenient = await PostLenientAsync(platform, CreatePath(platform), body);

        Assert.Equal(400, strict.Status);
        Assert.True(lenient.Status == 200, lenient.Text);
        Assert.Equal((0, 1), (Simulator.Ledger.BilledCreates, _lenient.Ledger.BilledCreates));
    }

    public static TheoryData<string, string> Forms => new()
    {
        { "seconds", "4" },
        { "size", "720x1280" },
        { "size", "medium" },
        { "watermark", "0" },
        { "input_reference", "https://example.com/a.png" },
        { "input_reference", RawPng },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Form_of_another_client_is_refused_when_strict_and_accepted_when_not(string field, string value)
    {
        var strict = await SendFormAsync(Simulator, field, value);
        var lenient = await SendFormAsync(_lenient, field, value);

        Assert.Equal((400, field), (strict.Status, strict.ErrorField));
        Assert.True(lenient.Status == 200, lenient.Text);
        Assert.Equal(1, _lenient.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Json_on_the_route_for_forms_is_refused_when_strict_and_accepted_when_not(string platform)
    {
        var model = platform == "juxin" ? "sora-2-all" : "sora-2";
        const string Image = """{"image_url":"https://example.com/a.png"}""";
        var body = $$"""{"model":"{{model}}","prompt":"x","seconds":"8","size":"720x1280","input_reference":{{Image}}}""";

        var strict = await PostAsync(platform, "/v1/videos", body);
        var lenient = await PostLenientAsync(platform, "/v1/videos", body);

        Assert.Equal((400, "body"), (strict.Status, strict.ErrorField));
        Assert.Equal(200, lenient.Status);
        Assert.Equal("8", lenient.Json.GetProperty("seconds").GetString());
        Assert.Equal("720x1280", lenient.Json.GetProperty("size").GetString());
    }

    [Theory]
    [InlineData("juxin", """{"model":"sora-2-all"}""", "prompt")]
    [InlineData("juxin", """{"model":"sora-2-all","prompt":"x","duration":25}""", "duration")]
    [InlineData("juxin", """{"model":"sora-2-all","prompt":"x","duration":"soon"}""", "duration")]
    [InlineData("juxin", """{"model":"sora-2-all","prompt":"x","duration":10.5}""", "duration")]
    [InlineData("juxin", """{"model":"sora-2-all","prompt":"x","duration":-10}""", "duration")]
    [InlineData("juxin", """{"model":"sora-2-all","prompt":"x","images":["a.png"]}""", "images")]
    [InlineData("juxin", """{"model":"sora-2-all","prompt":"x","images":["aGVsbG8="]}""", "images")]
    [InlineData("zhenzhen", """{"model":"sora-2","prompt":""}""", "prompt")]
    [InlineData("zhenzhen", """{"model":"sora-2","prompt":["x"]}""", "prompt")]
    [InlineData("zhenzhen", """{"model":"sora-2","prompt":"x","duration":"25"}""", "duration")]
    [InlineData("zhenzhen", """{"model":"sora-2","prompt":"x","hd":true}""", "hd")]
    [InlineData("zhenzhen", """["model"]""", "body")]
    public async Task Invalid_create_is_refused_in_both_modes(string platform, string body, string field)
    {
        var reply = await PostLenientAsync(platform, CreatePath(platform), body);

        Assert.Equal((400, field), (reply.Status, reply.ErrorField));
        Assert.Equal(0, _lenient.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task File_that_is_not_an_image_is_refused_in_both_modes(string platform)
    {
        using var form = Storyboard("x", model: platform == "juxin" ? "sora-2-all" : "sora-2");
        form.Add(new ByteArrayContent("placeholder"u8.ToArray()), "input_reference", "cat.png");

        var reply = await SendAsync(HttpMethod.Post, At(_lenient, platform, "/v1/videos"), form, _lenient.ApiKey);

        Assert.Equal((400, "input_reference"), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [InlineData("juxin", "/v1/video/create")]
    [InlineData("juxin", "/v1/videos")]
    [InlineData("zhenzhen", "/v2/videos/generations")]
    public async Task Create_without_a_model_gets_the_no_channel_error(string platform, string path)
    {
        var reply = await PostLenientAsync(platform, path, """{"prompt":"x"}""");

        Assert.Equal(503, reply.Status);
        Assert.StartsWith("No available channels for model veo2-fast in group ", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zhenzhen", """{"prompt":"x","model":"veo3.1","enhance_prompt":true}""")]
    [InlineData("zhenzhen", """{"prompt":"x","model":"veo3.1","ratio":"2:3","duration":15,"resolution":"720P"}""")]
    [InlineData("zhenzhen", """{"prompt":"x","model":"veo3.1","duration":"-1","hd":true,"images":["asset://1"],"aspect_ratio":"21:9"}""")]
    [InlineData("zhenzhen", """{"prompt":"x","model":"veo3.1","duration":{"seconds":8},"images":{"first":"x"}}""")]
    [InlineData("juxin", """{"prompt":"x","model":"veo3.1","aspect_ratio":"16:9","enhance_prompt":true,"images":[]}""")]
    [InlineData("juxin", """{"prompt":"x","model":"veo3.1","aspect_ratio":"2:3","size":"720P","seconds":"8"}""")]
    [InlineData("juxin", """{"prompt":"Shot 1:\nduration: 99sec","model":"veo3.1","duration":10}""")]
    public async Task Soras_rules_do_not_apply_to_another_model_in_either_mode(string platform, string body)
    {
        Assert.Equal(200, (await PostAsync(platform, CreatePath(platform), body)).Status);
        Assert.Equal(200, (await PostLenientAsync(platform, CreatePath(platform), body)).Status);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Another_model_still_needs_a_prompt(string platform)
    {
        var reply = await PostAsync(platform, CreatePath(platform), """{"model":"veo3.1"}""");

        Assert.Equal((400, "prompt"), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [InlineData("portrait", null, null, true)]
    [InlineData(null, "9:16", null, true)]
    [InlineData(null, null, "1024x1792", true)]
    [InlineData("landscape", "9:16", null, false)]
    [InlineData(null, null, "standard", false)]
    [InlineData(null, null, null, false)]
    public async Task Orientation_is_read_from_the_first_field_that_has_one(string? orientation, string? ratio, string? size, bool portrait)
    {
        var body = new JsonObject
        {
            ["model"] = "sora-2-all",
            ["prompt"] = "x",
            ["orientation"] = orientation,
            ["aspect_ratio"] = ratio,
            ["size"] = size,
        };

        var reply = await PostLenientAsync("juxin", "/v1/video/create", body.ToJsonString());

        Assert.Equal(portrait ? "720x1280" : "1280x720", reply.Json.GetProperty("size").GetString());
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Bare_key_is_refused_when_strict_and_accepted_when_not_and_always_redacted(string platform)
    {
        Assert.Equal(401, (await AskBareAsync(Simulator, Simulator.ApiKey)).Status);
        Assert.Equal(200, (await AskBareAsync(_lenient, _lenient.ApiKey)).Status);
        Assert.Equal(401, (await AskBareAsync(_lenient, "test-key-unknown")).Status);

        Assert.Equal([true, false], _lenient.Ledger.Requests.Select(request => request.AuthorizationMatched));
        Assert.Equal(
            ["[the key]", "[another key]"],
            _lenient.Ledger.Requests.Select(request => request.Headers["Authorization"]));

        Task<Reply> AskBareAsync(Sora2Simulator simulator, string key) => SendAsync(
            HttpMethod.Get,
            At(simulator, platform, "/v1/models"),
            headers: headers => headers.TryAddWithoutValidation("Authorization", key));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Compressed_body_is_decompressed_and_recorded_as_sent(string encoding)
    {
        var compressed = Compress(encoding, """{"model":"sora-2","prompt":"一只小猫","aspect_ratio":"16:9","duration":"10"}"""u8);

        var reply = await PostCompressedAsync(compressed, encoding);

        Assert.Equal(200, reply.Status);
        Assert.Equal("一只小猫", Simulator.Ledger.Requests[0].Json!.Value.GetProperty("prompt").GetString());
        Assert.Equal(compressed, Simulator.Ledger.Requests[0].Body.ToArray());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("rot13")]
    public async Task Body_that_does_not_decompress_is_refused(string encoding)
    {
        var reply = await PostCompressedAsync("{\"model\":\"sora-2\"}"u8.ToArray(), encoding);

        Assert.Equal((400, "body"), (reply.Status, reply.ErrorField));
    }

    [Fact]
    public async Task Body_that_decompresses_to_more_than_the_gateways_limit_is_refused()
    {
        var reply = await PostCompressedAsync(Compress("gzip", new byte[129 * 1024 * 1024]), "gzip");

        Assert.Equal((400, "body"), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Page_of_any_origin_may_send_the_key_and_read_every_response(string platform)
    {
        var preflight = await SendAsync(HttpMethod.Options, At(Simulator, platform, CreatePath(platform)), headers: Page);
        var refusal = await SendAsync(
            HttpMethod.Post,
            At(Simulator, platform, CreatePath(platform)),
            new StringContent("{}"),
            headers: Page);
        Simulator.Faults.On(platform, SimulatorOperation.ListModels).Then(SimulatorFault.Html(502));
        var fault = await SendAsync(HttpMethod.Get, At(Simulator, platform, "/v1/models"), headers: Page);
        var link = await FinishedVideoAsync(platform);
        var media = await SendAsync(HttpMethod.Get, link, headers: headers => headers.Add("Origin", "http://localhost:3000"));

        Assert.Equal((204, 401, 502, 200), (preflight.Status, refusal.Status, fault.Status, media.Status));
        Assert.Empty(preflight.Bytes);
        Assert.All(
            [preflight, refusal, fault, media],
            reply => Assert.Equal("*", Assert.Single(reply.Headers.GetValues("Access-Control-Allow-Origin"))));
        Assert.Equal("authorization,content-type", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Headers")));
        var methods = Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Methods"));
        Assert.Contains("POST", methods, StringComparison.Ordinal);
        var recorded = Simulator.Ledger.Requests[0];
        Assert.Equal((SimulatorOperation.Preflight, false), (recorded.Operation, recorded.WasBilled));

        static void Page(HttpRequestHeaders headers)
        {
            headers.Add("Origin", "http://localhost:3000");
            headers.Add("Access-Control-Request-Method", "POST");
            headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        }
    }

    protected override async ValueTask StartedAsync() => _lenient = await Sora2Simulator.StartAsync(
        new() { TimeProvider = Clock, Strict = false, ExtraJuxinModels = ["veo3.1"], ExtraZhenzhenModels = ["veo3.1"] },
        Cancellation);

    protected override ValueTask EndedAsync() => _lenient.DisposeAsync();

    protected override void Configure(Sora2SimulatorOptions options)
    {
        options.ExtraJuxinModels = ["veo3.1"];
        options.ExtraZhenzhenModels = ["veo3.1"];
    }

    private static Uri At(Sora2Simulator simulator, string platform, string path) =>
        new(platform == "juxin" ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress, path);

    private static byte[] Compress(string encoding, ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream();
        using (Stream compressing = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            compressing.Write(body);
        }

        return compressed.ToArray();
    }

    private Task<Reply> PostCompressedAsync(byte[] body, string encoding)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        return SendAsync(HttpMethod.Post, At(Simulator, "zhenzhen", "/v2/videos/generations"), content, Simulator.ApiKey);
    }

    private Task<Reply> PostLenientAsync(string platform, string path, string json)
    {
        var body = new StringContent(json, Encoding.UTF8, "application/json");
        return SendAsync(HttpMethod.Post, At(_lenient, platform, path), body, _lenient.ApiKey);
    }

    private async Task<Reply> SendFormAsync(Sora2Simulator simulator, string field, string value)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("sora-2-all"), "model" },
            { new StringContent("一只小猫"), "prompt" },
            { new StringContent(value), field },
        };
        return await SendAsync(HttpMethod.Post, At(simulator, "juxin", "/v1/videos"), form, simulator.ApiKey);
    }
}
