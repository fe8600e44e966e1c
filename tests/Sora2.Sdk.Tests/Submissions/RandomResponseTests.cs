using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Submissions;

/// <summary>Money safety under random responses, prompts and handlers round the client.</summary>
/// <remarks>
/// A create is paid at most once, an id in the response is not lost, and nothing that was paid is reported as not charged.
/// SORA2_RESPONSE_RUNS sets the number of creates; SORA2_RESPONSE_SEED repeats a single one.
/// </remarks>
public sealed class RandomResponseTests
{
    private static readonly int Runs = int.Parse(
        Environment.GetEnvironmentVariable("SORA2_RESPONSE_RUNS") ?? "1000", CultureInfo.InvariantCulture);
    private static readonly int? Seed = int.TryParse(
        Environment.GetEnvironmentVariable("SORA2_RESPONSE_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : null;

    /// <summary>Phrases that the error classifier looks for, and others, for use in prompts.</summary>
    private static readonly string[] Phrases =
    [
        "负载已饱和", "当前分组上游负载已饱和，请稍后再试", "无可用渠道", "No available channel", "model_not_found",
        "余额不足", "额度不足", "insufficient_user_quota", "Insufficient credits", "top up", "积分不足",
        "sensitive_words_detected", "审核不通过", "content policy", "rate limit", "Too many requests", "系统繁忙", "heavy load",
        "get_channel_failed", "可用渠道不存在", "invalid token", "无效的令牌", "task_not_exist",
        "A corgi surfs", "一只猫", "line one\nline two", "\"quoted\" {\"id\":\"video_of_the_prompt\"}", "<b>bold</b>", "100% \\ 50%",
    ];

    [Theory]
    [AllPlatforms]
    public async Task Create_is_paid_at_most_once_keeps_its_id_and_is_never_reported_free_if_paid(string platformName)
    {
        var first = Seed ?? 1;
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var run = 0; run < Runs; run++)
        {
            var outcome = await RunAsync(platformName, first + run);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (Seed is not null)
            {
                break;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Runs} creates: {string.Join(", ", outcomes.Select(entry => $"{entry.Key} {entry.Value}"))}");
        Assert.True(Seed is not null || outcomes.Count > 3, "The responses reach many outcomes.");
    }

    private static async Task<string> RunAsync(string platformName, int seed)
    {
        var random = new Random(seed);
        var platform = Sora2Platform.BuiltIn.Single(known => known.Name == platformName);
        var relays = new[] { new Relay(random, "a"), new Relay(random, "b") };
        var clock = new VirtualClock();
        var clients = relays.Select((relay, at) => TestClients.Create(
            at == 0 ? platform : Sora2Platform.BuiltIn.Single(known => known != platform || at == 0),
            Wrapped(relay, random),
            options => (options.TimeProvider, options.JitterSeed, options.CreateRetries) = (clock, 1, random.Next(4)),
            name: relay.Name)).ToList();
        using var firstClient = clients[0];
        using var secondClient = clients[1];
        var separator = random.Next(2) == 0 ? " " : "，";
        var prompt = string.Join(separator, Enumerable.Range(0, random.Next(1, 4)).Select(_ => Phrases[random.Next(Phrases.Length)]));
        Array.ForEach(relays, relay => relay.Prompt = prompt);
        var isRouted = random.Next(2) == 0;

        Exception? error = null;
        VideoTask? task = null;
        try
        {
            var request = new VideoRequest(prompt);
            ISora2Client client = isRouted ? new Sora2Router(clients) : clients[0];
            task = await clock.RunAsync(client.Videos.CreateAsync(request));
        }
        catch (Exception e)
        {
            error = e;
        }

        var details = $"seed {seed} on {platformName}: {error?.GetType().Name} {error?.Message} {task}\n"
            + string.Join("\n", relays.SelectMany(relay => relay.Sent));
        var paid = relays.Sum(relay => relay.Paid);
        Assert.True(paid <= 1, $"Paid {paid} times, {details}");
        Assert.True(error is null or Sora2Exception, details);
        if (paid == 1)
        {
            Assert.False(error is Sora2Exception { MayHaveBeenCharged: false }, $"Paid and reported free, {details}");
            var id = relays.Select(relay => relay.PaidId).Single(known => known is not null)!;
            if (relays.Any(relay => relay.IdWasSent))
            {
                Assert.True(task?.Id == id || (error as Sora2Exception)?.TaskId == id, $"Lost {id}, {details}");
            }
        }

        return task is not null ? "accepted"
            : error is SubmissionUnknownException { TaskId: not null } ? "unknown with its id"
            : error is Sora2Exception known ? known.Kind.ToString()
            : error!.GetType().Name;
    }

    /// <summary>Handlers that hosts put round clients: none, retries, copies, hedging, and one that throws after the response.</summary>
    private static HttpMessageHandler Wrapped(HttpMessageHandler relay, Random random) => random.Next(7) switch
    {
        0 => new Around(relay, async (request, send) => { await send(request); return await send(request); }),
        1 => new Around(
            relay, async (request, send) => { await send(await CopyAsync(request)); return await send(await CopyAsync(request)); }),
        2 => new Around(
            relay,
            async (request, send) => (await Task.WhenAll(send(await CopyAsync(request)), send(await CopyAsync(request))))[random.Next(2)]),
        3 => new Around(relay, async (request, send) => { await send(request); throw new IOException("boom"); }),
        4 => new Around(
            relay, async (request, send) => { try { return await send(request); } catch (Exception) { return await send(request); } }),
        _ => relay,
    };

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        await request.Content!.LoadIntoBufferAsync();
        var content = new ByteArrayContent(await request.Content.ReadAsByteArrayAsync());
        content.Headers.ContentType = request.Content.Headers.ContentType;
        copy.Content = content;
        return copy;
    }

    private sealed class Around(
        HttpMessageHandler inner,
        Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> handle)
        : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            handle(request, message => base.SendAsync(message, cancellationToken));
    }

    /// <summary>A relay that accepts a create or not, and responds in one of many ways.</summary>
    private sealed class Relay(Random random, string name) : HttpMessageHandler
    {
        public string Name => name;

        public string Prompt { get; set; } = "";

        public int Paid { get; private set; }

        public string? PaidId { get; private set; }

        public bool IdWasSent { get; private set; }

        public List<string> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken); // a request that was not read is not billed
            var (status, body, type) = random.Next(10) switch
            {
                < 4 => Accept(),
                < 7 => FailAfterAccepting(),
                _ => Refuse(),
            };
            Sent.Add($"{name}: {status} {type} {body}");
            if (status == 0)
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
            }

            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        }

        private string NewTask()
        {
            Paid++;
            return PaidId = $"{(random.Next(2) == 0 ? "video_" : "task_")}{name}{random.Next(1_000_000):x}";
        }

        /// <summary>Accepts, and returns the task's id in some wrapping.</summary>
        private (int Status, string Body, string Type) Accept()
        {
            var id = NewTask();
            IdWasSent = true;
            var prompt = Quoted(Prompt);
            var field = random.Next(2) == 0 ? "id" : "task_id";
            string[] tasks =
            [
                $$"""{"{{field}}":"{{id}}","status":"queued","progress":0}""",
                $$"""{"status":"submitted","{{field}}":"{{id}}"}""",
                $$"""{"prompt":{{prompt}},"{{field}}":"{{id}}","status":"pending"}""",
                $$"""{"progress":NaN,"{{field}}":"{{id}}","status":"queued"}""",
                $$"""{"{{field}}":"{{id}}","status":"error","error":"upstream connect error"}""",
                $$$"""{"{{{field}}}":"{{{id}}}","status":"queued","error":{"message":"save task failed"}}""",
            ];
            var task = tasks[random.Next(tasks.Length)];
            string[] wrapped =
            [
                task,
                $$$"""{"code":"success","message":"","data":{{{task}}}}""",
                $$"""{"code":200,"data":[{{task}}]}""",
                $"[{task}]",
                $$$"""{"code":0,"data":{{{Quoted(task)}}}}""",
                $$$"""{"result":{{{task}}}}""",
            ];
            var body = wrapped[random.Next(wrapped.Length)];
            body = random.Next(8) switch
            {
                0 => "\uFEFF" + body,
                1 => "<br />\n<b>Warning</b>:  Undefined array key \"seed\" in <b>/srv/api.php</b><br />\n" + body,
                2 => $": ping\n\ndata: {body}\n\ndata: [DONE]\n\n",
                3 => "\n\n  " + body + "\n",
                4 => body + "trailing",
                _ => body,
            };
            var status = random.Next(6) switch { 0 => 500, 1 => 201, 2 => 202, _ => 200 };
            return (status, body, random.Next(3) switch { 0 => "text/html", 1 => "text/plain; charset=utf-8", _ => "application/json" });
        }

        /// <summary>Bills, and does not return the id.</summary>
        private (int Status, string Body, string Type) FailAfterAccepting()
        {
            NewTask();
            var status = random.Next(6) switch { 0 => 0, 1 => 502, 2 => 504, 3 => 524, 4 => 200, _ => 500 };
            string[] bodies =
            [
                $$$"""{"error":{"message":{{{Quoted("upstream timeout, task may still be running. prompt: " + Prompt)}}}}}""",
                $$"""{"code":"do_request_failed","message":{{Quoted("Post failed for \"" + Prompt + "\"")}},"data":null}""",
                "upstream timed out while it made: " + Prompt,
                $"<html><head><title>Bad Gateway</title></head><body>{WebUtility.HtmlEncode(Prompt)}</body></html>",
                $$$"""{"message":{{{Quoted(Prompt)}}}}""",
                $$$"""{"error":{"message":{{{Quoted("unexpected: " + Prompt.ToUpperInvariant())}}},"type":"server_error"}}""",
                "",
            ];
            var body = bodies[random.Next(bodies.Length)];

            // A page with status 200 comes from a wrong path, where nothing is billed.
            return (status == 200 && body.StartsWith('<') ? 502 : status, body, "application/json");
        }

        /// <summary>Refuses in the relay's own words; nothing was accepted.</summary>
        private (int Status, string Body, string Type) Refuse() => random.Next(7) switch
        {
            0 => (429, """{"error":{"message":"Too many requests","type":"rate_limit"}}""", "application/json"),
            1 => (
                503,
                """{"error":{"message":"当前分组 default 下对于模型 sora-2 无可用渠道 (request id: 1)","type":"new_api_error"}}""",
                "application/json"),
            2 => (500, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试","type":"new_api_error"}}""", "application/json"),
            3 => (403, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota","type":"new_api_error"}}""", "application/json"),
            4 => (401, """{"error":{"message":"无效的令牌","type":"new_api_error"}}""", "application/json"),
            5 => (400, $$$"""{"error":{"message":{{{Quoted("bad prompt: " + Prompt)}}}}}""", "application/json"),
            _ => (200, """{"id":"","status":"error","error":"refused"}""", "application/json"),
        };

        private string Quoted(string text) => random.Next(2) == 0
            ? "\"" + JsonEncodedText.Encode(text) + "\""
            : "\"" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
    }
}
