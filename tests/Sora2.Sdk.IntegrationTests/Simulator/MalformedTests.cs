using System.Globalization;
using System.Text;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Malformed requests get an error response of the platform, never an empty 500.</summary>
/// <remarks><c>SORA2_FUZZ_RUNS</c> sets the number of random requests.</remarks>
public sealed class MalformedTests : SimulatorHttpTest
{
    private static readonly int Runs =
        int.Parse(Environment.GetEnvironmentVariable("SORA2_FUZZ_RUNS") ?? "1500", CultureInfo.InvariantCulture);

    private static readonly byte[][] Fragments =
    [
        [0xFF],
        [0xC3],
        [0xED, 0xA0, 0x80],
        [0],
        "\\ud83d"u8.ToArray(),
        "\\udc00"u8.ToArray(),
        "\\uD83D\\uDE00"u8.ToArray(),
        "\\u12"u8.ToArray(),
        "\\"u8.ToArray(),
        "\""u8.ToArray(),
        "{"u8.ToArray(),
        "]"u8.ToArray(),
        "null"u8.ToArray(),
        "1e400"u8.ToArray(),
        "99999999999999999999"u8.ToArray(),
        "-1"u8.ToArray(),
        "\r\n\r\n"u8.ToArray(),
        "--b"u8.ToArray(),
        "; name*=UTF-8''%ff%ED%A0%80"u8.ToArray(),
        "name=\"\""u8.ToArray(),
        "Shot 1:\\nduration: 79228162514264337593543950335sec\\nduration: 79228162514264337593543950335sec\\n"u8.ToArray(),
        "@a.b @..  [fail:"u8.ToArray(),
        Encoding.ASCII.GetBytes(new string('h', 100_000)),
        Encoding.ASCII.GetBytes(new string('[', 300)),
        "data:image/png;base64,iVBORw0KGgo=,"u8.ToArray(),
    ];

    private static readonly string[] Paths =
    [
        "/v1/video/create",
        "/v2/videos/generations",
        "/v1/videos",
        "/v1/videos/{id}/remix",
        "/sora/v1/characters",
        "/v1/files",
        "/v1/videos/{id}",
        "/v1/videos/{id}/content?variant=%ff&variant=%ED%A0%80",
        "/v1/video/query?id=%ED%A0%80&id=%00",
        "/v2/videos/generations/%ff%ED%A0%80",
        "/%2e%2e/%ED%A0%80",
        "/v1/videos/%ED%A0%80/remix",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=b",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=" + new string('b', 5000),
        "multipart/form-data",
        ";",
        "text/plain",
    ];

    private static readonly string[] Bodies =
    [
        """{"model":"sora-2","prompt":"一只小猫 😀","aspect_ratio":"16:9","duration":"10","hd":false,"images":"""
            + """["data:image/png;base64,iVBORw0KGgoAAQID"]}""",
        """{"model":"sora-2-all","prompt":"Shot 1:\nduration: 5sec\nScene: x","duration":"""
            + """10,"orientation":"landscape","size":"small","watermark":false,"images":["https://example.com/a.png"]}""",
        """{"model":"veo3.1","prompt":"x","duration":8,"images":[]}""",
        """{"timestamps":"1,3","from_task":"{id}"}""",
        "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsora-2-all\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nx\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"input_reference\"; filename=\"猫.png\"\r\n"
            + "Content-Type: image/png\r\n\r\nGIF8\r\n--b--\r\n",
    ];

    private Sora2Simulator _lenient = null!;

    [Theory]
    [InlineData("\"prompt\":\"a \\ud83d b\"")]
    [InlineData("\"prompt\":\"a \\udc00\\ud83d b\"")]
    [InlineData("\"prompt\":\"x\",\"a \\ud83d\":1")]
    public async Task Half_a_surrogate_pair_is_refused_when_strict_and_replaced_when_not(string fields)
    {
        var body = $$"""{"model":"sora-2","aspect_ratio":"16:9","duration":"10",{{fields}}}""";

        await AssertRefusedAndReplacedAsync(Encoding.UTF8.GetBytes(body));
    }

    [Fact]
    public async Task Invalid_utf8_is_refused_when_strict_and_replaced_when_not()
    {
        var before = "{\"model\":\"sora-2\",\"aspect_ratio\":\"16:9\",\"duration\":\"10\",\"prompt\":\"a "u8.ToArray();

        await AssertRefusedAndReplacedAsync([.. before, 0xFF, .. " b\"}"u8]);
    }

    [Fact]
    public async Task Surrogate_pair_escaped_backslash_and_escaped_name_are_accepted()
    {
        var reply = await PostAsync(
            "zhenzhen",
            CreatePath("zhenzhen"),
            """{"model":"sora-2","aspect_ratio":"16:9","duration":"10","pro\u006dpt":"\uD83D\uDE00 \\ud83d"}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("😀 \\ud83d", Simulator.Ledger.Requests[0].Json!.Value.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(10, 2_000)]
    public async Task Form_with_too_long_or_too_many_headers_is_refused(int length, int count)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(at => $"X-{at}: {new string('h', length)}\r\n"));
        var body = $"--b\r\n{headers}Content-Disposition: form-data; name=\"model\"\r\n\r\nsora-2-all\r\n--b--\r\n";
        using var content = Raw(Encoding.ASCII.GetBytes(body), "multipart/form-data; boundary=b");

        var reply = await SendAsync(HttpMethod.Post, new Uri(Simulator.JuxinBaseAddress, "/v1/videos"), content, Simulator.ApiKey);

        Assert.Equal((400, "body"), (reply.Status, reply.ErrorField));
    }

    [Fact]
    public async Task Shots_whose_total_overflows_are_refused()
    {
        var reply = await CreateWithPromptAsync("zhenzhen", Shots("79228162514264337593543950335sec", "79228162514264337593543950335sec"));

        Assert.Equal((400, "prompt"), (reply.Status, reply.ErrorField));
    }

    [Fact]
    public async Task Mutated_request_gets_a_response_and_is_billed_only_when_that_is_a_task()
    {
        await CreateAsync("juxin");
        var id = TaskId;
        var random = new Random(20261127);
        for (var run = 0; run < Runs; run++)
        {
            var simulator = random.Next(2) == 0 ? Simulator : _lenient;
            var host = random.Next(2) == 0 ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress;
            var path = Pick(random, Paths).Replace("{id}", id, StringComparison.Ordinal);
            var body = Mutate(random, Encoding.UTF8.GetBytes(Pick(random, Bodies).Replace("{id}", id, StringComparison.Ordinal)));
            var contentType = random.Next(3) == 0 ? Pick(random, ContentTypes)
                : body.AsSpan().StartsWith("--"u8) ? ContentTypes[2]
                : ContentTypes[0];
            using var content = Raw(body, contentType);
            if (random.Next(20) == 0)
            {
                content.Headers.TryAddWithoutValidation("Content-Encoding", Pick(random, ["gzip", "br", "deflate", "zstd"]));
            }

            simulator.Ledger.Clear();
            var method = path.Contains("query", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post;
            var reply = await SendAsync(method, new Uri(host, path), content, simulator.ApiKey);

            Assert.True(
                reply.Status != 500 && reply.Bytes.Length > 0,
                $"run {run}: {reply.Status} to {path}: {Convert.ToBase64String(body)}");
            var request = Assert.Single(simulator.Ledger.Requests);
            var isTask = reply.Status == 200 && request.TaskId is not null && request.Operation is not SimulatorOperation.Query;
            Assert.Equal(request.WasBilled, isTask);
        }
    }

    protected override async ValueTask StartedAsync() => _lenient = await Sora2Simulator.StartAsync(
        new() { TimeProvider = Clock, Strict = false, ExtraJuxinModels = ["veo3.1"], ExtraZhenzhenModels = ["veo3.1"] },
        Cancellation);

    protected override ValueTask EndedAsync() => _lenient.DisposeAsync();

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>Overwrites, removes or inserts bytes at up to three places.</summary>
    private static byte[] Mutate(Random random, byte[] body)
    {
        for (var left = random.Next(4); left > 0; left--)
        {
            var at = random.Next(body.Length + 1);
            var end = Math.Min(body.Length, at + random.Next(6));
            body = random.Next(4) == 0 ? [.. body[..at], .. body[end..]] : [.. body[..at], .. Pick(random, Fragments), .. body[end..]];
        }

        return body;
    }

    private static ByteArrayContent Raw(byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private async Task AssertRefusedAndReplacedAsync(byte[] body)
    {
        using var first = Raw(body, "application/json");
        using var second = Raw(body, "application/json");

        var path = CreatePath("zhenzhen");
        var strict = await SendAsync(HttpMethod.Post, new Uri(Simulator.ZhenzhenBaseAddress, path), first, Simulator.ApiKey);
        var lenient = await SendAsync(HttpMethod.Post, new Uri(_lenient.ZhenzhenBaseAddress, path), second, _lenient.ApiKey);

        Assert.Equal((400, "body"), (strict.Status, strict.ErrorField));
        Assert.Equal(200, lenient.Status);
        var received = _lenient.Ledger.Requests[0].Json!.Value;
        var fields = string.Concat(received.EnumerateObject().Select(field => field.Name + field.Value));
        Assert.Contains('\uFFFD', received.ToString() + fields);
        Assert.Equal((0, 1), (Simulator.Ledger.BilledCreates, _lenient.Ledger.BilledCreates));
    }
}
