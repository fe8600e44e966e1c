using System.Globalization;
using System.Net;
using System.Text;
using Polly.CircuitBreaker;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Submissions;

/// <summary>Public methods throw only a <see cref="Sora2Exception"/>, whatever a relay sends and a handler throws.</summary>
/// <remarks>SORA2_FUZZ_RUNS sets the number of calls.</remarks>
public sealed class ExceptionTypeTests
{
    private static readonly int Runs = int.Parse(
        Environment.GetEnvironmentVariable("SORA2_FUZZ_RUNS") ?? "2000", CultureInfo.InvariantCulture);

    private static readonly string[] Bodies =
    [
        "", "null", "[]", "{}", "0", "\"\"", "{", "[[[[", "{\"id\":", "<html>", "\u0000\u0001", "data: ",
        "{\"id\":\"x\",\"status\":\"completed\",\"video_url\":\"//\"}",
        "{\"id\":\"x\",\"status\":\"completed\",\"video_url\":\"http://[\"}",
        "{\"id\":\"x\",\"status\":\"completed\",\"video_url\":\"https://media.example.com/v.mp4\"}",
        "{\"id\":\"x\",\"status\":\"failed\",\"error\":{}}", "{\"task_id\":\"x\"}", "{\"username\":\"a.cat\",\"id\":\"c\"}",
        "{\"data\":[{\"id\":\"sora-2\"}]}",
        "{\"data\":{\"data\":{\"data\":null}}}", "{\"error\":[[]]}", "{\"id\":\"x\",\"progress\":1e999,\"status\":5,\"created_at\":-1e30}",
        "{\"code\":-2147483649}",
    ];

    private static readonly Dictionary<string, Func<Sora2Client, Task>> Methods = new(StringComparer.Ordinal)
    {
        ["create"] = client => client.Videos.CreateAsync(new VideoRequest("a")),
        ["create with an image"] = client => client.Videos.CreateAsync(
            new VideoRequest("a") { Images = [ImageInput.FromBytes(TinyImages.Png)] }),
        ["storyboard"] = client => client.Videos.CreateAsync(new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(10), ImageInput.FromUrl(new Uri("https://img.example.com/a.png")))
            .Build()),
        ["character"] = client => client.Characters.CreateAsync(CharacterRequest.FromTask("x", new TimeRange(1, 3))),
        ["get"] = client => client.Videos.GetAsync("x"),
        ["wait"] = client => client.Videos.WaitAsync("x", Short),
        ["generate"] = client => client.Videos.GenerateAsync(new VideoRequest("a"), Short),
        ["watch"] = async client =>
        {
            await foreach (var _ in client.Videos.WatchAsync("x", Short))
            {
            }
        },
        ["batch"] = async client =>
        {
            var options = new BatchOptions { Wait = Short, BusyTimeout = TimeSpan.Zero };
            await foreach (var item in client.Videos.GenerateBatchAsync([new VideoRequest("a"), new VideoRequest("b")], options))
            {
                Assert.True(item.Error is null or Sora2Exception, item.Error?.ToString());
            }
        },
        ["download"] = client => client.Videos.DownloadAsync(
            new VideoTask
            {
                PlatformName = "juxin",
                Id = "x",
                Status = VideoTaskStatus.Succeeded,
                VideoUrl = new Uri("https://media.example.com/v.mp4"),
            },
            new MemoryStream()),
        ["models"] = client => client.Account.ListModelsAsync(),
        ["balance"] = client => client.Account.GetBalanceAsync(),
        ["check"] = async client => Assert.NotEmpty((await client.Account.CheckAsync()).Checks),
    };

    private static WaitOptions Short => new() { Timeout = TimeSpan.FromMinutes(3) };

    public static TheoryData<string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var method in Methods.Keys)
                {
                    calls.Add(platform.Name, method);
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Public_methods_throw_documented_exceptions_only(string platformName, string method)
    {
        var platform = Sora2Platform.BuiltIn.Single(known => known.Name == platformName);
        var calls = Math.Max(1, Runs / Calls.Count);
        var errors = 0;
        for (var seed = 0; seed < calls; seed++)
        {
            var random = new Random(seed);
            var clock = new VirtualClock();
            using var client = TestClients.Create(
                platform,
                new Fuzzing(random),
                options =>
                {
                    (options.TimeProvider, options.JitterSeed) = (clock, 1);
                    (options.QueryRetries, options.CreateRetries, options.DownloadRetries) =
                        (random.Next(3), random.Next(3), random.Next(3));
                },
                media: new Fuzzing(random));

            var error = await Record.ExceptionAsync(() => clock.RunAsync(CallAsync(client)));

            Assert.True(error is null or Sora2Exception, $"seed {seed}, {method} on {platformName}: {error}");
            errors += error is null ? 0 : 1;
        }

        // A batch reports on its items, and a check on what failed.
        Assert.True(method == "check" ? errors == 0 : errors > 0 || method == "batch", "The responses make the call fail at times.");

        async Task<bool> CallAsync(Sora2Client client)
        {
            await Methods[method](client);
            return true;
        }
    }

    /// <summary>Returns random responses, and throws what handlers of hosts throw.</summary>
    private sealed class Fuzzing(Random random) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
            if (random.Next(8) == 0)
            {
                throw random.Next(8) switch
                {
                    0 => new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
                    1 => new HttpRequestException(HttpRequestError.ResponseEnded, "ended"),
                    2 => new IOException("broken"),
                    3 => new TaskCanceledException("gave up"),
                    4 => new BrokenCircuitException("open"),
                    5 => new ObjectDisposedException("scope"),
                    6 => new InvalidOperationException("a bug"),
                    _ => new FormatException("another bug"),
                };
            }

            var text = Bodies[random.Next(Bodies.Length)];
            var body = Encoding.UTF8.GetBytes(text.Replace("\"x\"", random.Next(4) == 0 ? "\"y\"" : "\"x\"", StringComparison.Ordinal));
            if (body.Length > 0 && random.Next(4) == 0)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var content = new ByteArrayContent(body);
            string[] types =
            [
                "application/json",
                "text/html",
                "video/mp4",
                "text/plain; charset=gbk",
                "no type at all",
                "application/json; charset=\"what\"",
            ];
            content.Headers.TryAddWithoutValidation("Content-Type", types[random.Next(types.Length)]);
            int[] statuses =
            [
                200, 200, 200, 200, 201, 204, 206, 301, 302, 304, 307, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 451, 499,
                500, 502, 503, 504, 524, 599,
            ];
            var response = new HttpResponseMessage((HttpStatusCode)statuses[random.Next(statuses.Length)]) { Content = content };
            string[] headers = ["Location", "Retry-After", "Date", "X-Request-Id", "ETag", "Content-Range"];
            string[] values =
            [
                "",
                "7",
                "-1",
                "99999999999",
                "//",
                "http://[",
                "https://elsewhere.example.com/v",
                "Fri, 20 Nov 2026 08:00:07 GMT",
                "\"a\"",
                "bytes 0-1/2",
                "bytes x",
            ];
            response.Headers.TryAddWithoutValidation(headers[random.Next(headers.Length)], values[random.Next(values.Length)]);
            return response;
        }
    }
}
