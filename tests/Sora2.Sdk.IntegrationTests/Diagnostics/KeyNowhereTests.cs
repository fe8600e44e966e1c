using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Text;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Diagnostics;

/// <summary>Searches for the key in everything that is written.</summary>
/// <remarks>By loggers and handlers of a host, by .NET, and by the SDK about a hostile relay.</remarks>
public sealed class KeyNowhereTests : IDisposable
{
    private static readonly DataClassification Anything = new("Test", "Anything");

    /// <summary>Every way in which a host may see requests.</summary>
    private static readonly Dictionary<string, Action<IServiceCollection, ISora2Builder>> Ways = new(StringComparer.Ordinal)
    {
        ["nothing added"] = (_, _) => { },
        ["AddDefaultLogger"] = (_, sora) => sora.ConfigureHttp(http => http.AddDefaultLogger()),
        ["AddDefaultLogger for all"] = (services, _) => services.ConfigureHttpClientDefaults(http => http.AddDefaultLogger()),
        ["AddExtendedHttpClientLogging"] = (services, sora) => sora.ConfigureHttp(http => Extended(services, http)),
        ["AddExtendedHttpClientLogging for all"] = (services, _) => services.ConfigureHttpClientDefaults(http => Extended(services, http)),
        ["a handler that writes everything"] = (_, sora) => sora.ConfigureHttp(
            http => http.AddHttpMessageHandler(provider => new Writing(provider))),
        ["a handler for all that writes everything"] = (services, _) => services.ConfigureHttpClientDefaults(
            http => http.AddHttpMessageHandler(provider => new Writing(provider))),
        ["a handler next to the network"] = (_, sora) => sora.ConfigureHttp(
            http => http.ConfigurePrimaryHttpMessageHandler(provider => new Writing(provider) { InnerHandler = new SocketsHttpHandler() })),
        ["a selector of encodings"] = (_, sora) => sora.ConfigureHttp(
            http => http.ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                RequestHeaderEncodingSelector = (name, request) =>
                {
                    Log(provider).Write(request);
                    return null;
                },
            })),
    };

    private static readonly WaitOptions Briefly = new() { Timeout = TimeSpan.Zero };

    private readonly string _folder = Directory.CreateTempSubdirectory("sora2-key").FullName;
    private readonly string _key = "test+key/" + Guid.NewGuid().ToString("N") + "~end";

    public static TheoryData<string> AllWays => [.. Ways.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task Key_is_sent_and_not_written_by_any_host_or_by_dotNET(string way)
    {
        var search = new KeySearch(_key);
        using var host = new HostileHost(head =>
            head.StartsWith("POST", StringComparison.Ordinal) ? HostileHost.Json("""{"id":"task-1","status":"queued"}""")
            : head.Contains("/content", StringComparison.Ordinal) ? HostileHost.Response("404 Not Found", "", "no")
            : HostileHost.Json("""{"id":"task-1","status":"completed","video_url":"/v1/videos/task-1/content"}"""));
        using var network = new NetworkListener(host.Address);
        using var heard = new Listening(clientName: null);
        var services = Services();
        Ways[way](services, services.AddSora2(options => Fill(options, host.Address)));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ISora2Client>();

        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        var task = await client.Videos.GetAsync("task-1", Token);
        await Assert.ThrowsAsync<DownloadException>(
            () => client.Videos.DownloadAsync(task, Path.Combine(_folder, "v.mp4"), cancellationToken: Token));

        Assert.All(host.Heads, head => Assert.Contains($"Authorization: Bearer {_key}\r\n", head, StringComparison.Ordinal));
        Assert.True(host.Heads.Count >= 3);
        Assert.Contains(network.Texts, text => text.Contains("Bearer ***", StringComparison.Ordinal)); // The listener sees the header.
        var written = provider.GetFakeLogCollector().GetSnapshot().SelectMany(TextsOf)
            .Concat(network.Texts)
            .Concat(heard.Spans.SelectMany(TextsOf))
            .ToList();
        Assert.Contains(network.Texts, text => text.Contains("video/create", StringComparison.Ordinal)); // It does listen.
        Assert.DoesNotContain(written, search.IsIn);
    }

    [Fact]
    public void Search_finds_every_form_of_the_key()
    {
        var search = new KeySearch(_key);

        Assert.All(search.Echoes, echo => Assert.True(search.IsIn($"before {echo} after"), echo));
        Assert.True(search.IsIn(search.JsonEchoes));
        Assert.False(search.IsIn("test+key/ of another"));
    }

    /// <summary>Responses of a relay that tries to expose the key: to a create, or to a poll after a successful create.</summary>
    private static readonly Dictionary<string, Func<KeySearch, string, byte[]>> Responses = new(StringComparer.Ordinal)
    {
        ["an error in JSON"] = (search, _) => HostileHost.Json(
            $$$"""{"error":{"message":"wrong key {{{search.JsonEchoes}}}","code":"{{{search.Echoes[0]}}}"}}""", "401 Unauthorized"),
        ["a server's error"] = (search, _) => HostileHost.Json($$"""{"message":"trouble with {{search.JsonEchoes}}"}""", "500 Oops"),
        ["text"] = (search, _) => HostileHost.Response("500 Oops", "Content-Type: text/plain\r\n", string.Join('\n', search.Echoes)),
        ["a page"] = (search, _) => HostileHost.Response(
            "502 Bad", "Content-Type: text/html\r\n", $"<html><title>{search.Echoes[7]}</title><body>{search.Echoes[0]}</body></html>"),
        ["XML"] = (search, _) => HostileHost.Response(
            "403 No", "Content-Type: text/xml\r\n", $"<?xml version=\"1.0\"?><Error><Message>{search.Echoes[0]}</Message></Error>"),
        ["a reason phrase and headers"] = (search, key) => HostileHost.Json(
            "{}",
            $"400 {key}",
            $"X-Request-Id: {key}\r\nX-Oneapi-Request-Id: {search.Echoes[9]}\r\nRetry-After: {key}\r\nServer: {key}\r\n"),
        ["a redirect"] = (_, key) => HostileHost.Response(
            "302 Found", $"Location: https://elsewhere.example.com/{Uri.EscapeDataString(key)}?k={Uri.EscapeDataString(key)}\r\n", ""),
        ["a bad status line"] = (_, key) => Encoding.UTF8.GetBytes($"HTTP/1.1 {key} {key}\r\n\r\n"),
        ["no HTTP"] = (search, key) => Encoding.UTF8.GetBytes($"{key} {search.Echoes[9]}\r\n\r\n"),
        ["a bad header"] = (_, key) => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\n{key}\r\nBad {key}: {key}\r\n\r\n"),
        ["a bad length"] = (_, key) => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {key}\r\n\r\n{key}"),
        ["a bad chunk"] = (_, key) => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{key}\r\n{key}"),
        ["a truncated body"] = (_, key) => Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{{\"id\":\"{key}\",\"model\":\"{key}"),
        ["a bad charset"] = (_, key) => HostileHost.Response(
            "200 OK", $"Content-Type: text/plain; charset={Convert.ToHexString(Encoding.UTF8.GetBytes(key))}\r\n", "\u00e9" + key),
        ["truncated JSON"] = (_, key) => HostileHost.Json("{\"" + key + "\":{\"" + key + "\":[\"" + key + "\"," + key),
        ["names of fields"] = (search, key) => HostileHost.Json(
            $$$"""{"{{{key}}}":1,"status":{"{{{search.Echoes[9]}}}":2},"progress":"{{{key}}}"}"""),
        ["a task"] = (search, key) => HostileHost.Json(
            $$$"""{"id":"t-{{{key}}}","status":"{{{key}}}","model":"{{{search.JsonEchoes}}}","progress":"{{{key}}}","""
            + $$$""" "echo":["{{{search.JsonEchoes}}}"],"headers":{"Authorization":"Bearer {{{key}}}"}}"""),
        ["a finished task"] = (search, key) => HostileHost.Json(
            $$"""{"id":"task-1","status":"completed","model":"{{key}}","thumbnail_url":"https://media.invalid/{{search.Echoes[10]}}", """
            + $$""" "video_url":"https://media.invalid/{{Uri.EscapeDataString(key)}}?k={{Uri.EscapeDataString(key)}}"}"""),
        ["a failed task"] = (search, key) => HostileHost.Json(
            $$$"""{"id":"task-1","status":"failed","fail_reason":"{{{search.JsonEchoes}}}","error":{"code":"{{{key}}}"}}"""),
        ["JSON in text"] = (_, key) => HostileHost.Json(
            "{\"error\":\"{\\\"error\\\":{\\\"message\\\":\\\"no "
            + string.Concat(key.Select(letter => $"\\\\u{(int)letter:x4}"))
            + "\\\"}}\"}",
            "400 Bad"),
        ["a content at the API"] = (_, _) => HostileHost.Json(
            """{"id":"task-1","status":"completed","video_url":"/v1/videos/task-1/content"}"""),
    };

    public static TheoryData<string, bool> AllResponses
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var response in Responses.Keys)
            {
                all.Add(response, true);
                all.Add(response, false);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(AllResponses))]
    public async Task Hostile_relay_gets_the_key_into_nothing_that_the_SDK_writes_or_returns(string response, bool toCreate)
    {
        var search = new KeySearch(_key);
        using var host = new HostileHost(head =>
            head.Contains("/content", StringComparison.Ordinal) ? Content(_key)
            : !toCreate && head.StartsWith("POST", StringComparison.Ordinal) ? HostileHost.Json("""{"id":"task-1","status":"queued"}""")
            : Responses[response](search, _key));
        using var network = new NetworkListener(host.Address);
        using var heard = new Listening(clientName: null);
        var records = Path.Combine(_folder, "records");
        var services = Services();
        services.AddSora2(options => Fill(options, host.Address)).AddTaskStore(records).AddHealthCheck();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ISora2Client>();

        object?[] outcomes =
        [
            await OutcomeAsync(() => client.Videos.CreateAsync(new VideoRequest("a"), Token)),
            await OutcomeAsync(() => client.Videos.GenerateAsync(new VideoRequest("b"), Briefly, cancellationToken: Token)),
            await OutcomeAsync(() => client.Videos.GetAsync("task-1", Token)),
            await OutcomeAsync(async () => await client.Videos.DownloadAsync(
                await client.Videos.GetAsync("task-1", Token), Path.Combine(_folder, "v.mp4"), cancellationToken: Token)),
            await OutcomeAsync(() => client.Characters.CreateAsync(CharacterRequest.FromTask("task-1", new TimeRange(1, 3)), Token)),
            await OutcomeAsync(() => client.Account.ListModelsAsync(Token)),
            await OutcomeAsync(() => client.Account.GetBalanceAsync(Token)),
            await client.Account.CheckAsync(Token),
            await OutcomeAsync(async () => await client.Videos.ResumeAsync(Briefly, cancellationToken: Token).CollectAsync()),
            await OutcomeAsync(async () => await client.Videos.GenerateBatchAsync(
                [new VideoRequest("c")],
                new BatchOptions { Wait = Briefly, BusyTimeout = TimeSpan.FromMilliseconds(1) },
                Token).CollectAsync()),
            await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token),
        ];

        Assert.Contains(host.Heads, head => head.Contains(_key, StringComparison.Ordinal)); // It did receive the key.
        foreach (var outcome in outcomes)
        {
            Assert.DoesNotContain(KeySearch.TextsOf(outcome), search.IsIn);
        }

        Assert.DoesNotContain(outcomes.OfType<VideoTask>().Select(task => task.ToUnifiedJson().ToJsonString()), search.IsIn);
        Assert.DoesNotContain(
            Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).SelectMany(path => (string[])[path, File.ReadAllText(path)]),
            search.IsIn);
        Assert.DoesNotContain(provider.GetFakeLogCollector().GetSnapshot().SelectMany(TextsOf), search.IsIn);
        Assert.DoesNotContain(heard.Spans.Where(span => span.Source.Name == "Sora2.Sdk").SelectMany(TextsOf), search.IsIn);
    }

    /// <summary>The beginning of a video whose entity tag and content type are the key.</summary>
    private static byte[] Content(string key)
    {
        byte[] begin = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, 0, 0, 0, 100, .. "moov"u8];
        return
        [
            .. Encoding.UTF8.GetBytes(
                $"HTTP/1.1 200 OK\r\nETag: \"{key}\"\r\nContent-Type: video/{Convert.ToHexString(Encoding.UTF8.GetBytes(key))}\r\n"
                + "Content-Length: 100000\r\nAccept-Ranges: bytes\r\n\r\n"),
            .. begin,
            .. new byte[2000],
        ];
    }

    private static async Task<object?> OutcomeAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static IEnumerable<string> TextsOf(FakeLogRecord record) =>
        [
            record.Category ?? "",
            record.Message,
            .. KeySearch.TextsOf(record.State),
            .. KeySearch.TextsOf(record.StructuredState),
            .. KeySearch.TextsOf(record.Scopes),
            .. KeySearch.TextsOf(record.Exception),
        ];

    private static IEnumerable<string> TextsOf(Activity span) =>
        [
            span.DisplayName,
            span.StatusDescription ?? "",
            .. KeySearch.TextsOf(span.TagObjects),
            .. span.Events.SelectMany(happened => KeySearch.TextsOf(happened.Tags).Append(happened.Name)),
            .. KeySearch.TextsOf(span.Baggage),
        ];

    private static void Extended(IServiceCollection services, IHttpClientBuilder http)
    {
        services.AddSingleton<IRedactorProvider>(NullRedactorProvider.Instance);
        http.AddExtendedHttpClientLogging(options =>
        {
            (options.LogRequestStart, options.LogBody) = (true, true);
            options.RequestHeadersDataClasses["Authorization"] = Anything;
            options.ResponseHeadersDataClasses["Content-Type"] = Anything;
            options.RequestBodyContentTypes.Add("application/json");
            options.ResponseBodyContentTypes.Add("application/json");
        });
    }

    private static IServiceCollection Services() =>
        new ServiceCollection().AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Trace)
            .AddFakeLogging(options => options.CollectRecordsForDisabledLogLevels = true));

    private static Writing Log(IServiceProvider provider) => new(provider);

    private void Fill(Sora2ClientOptions options, Uri address)
    {
        (options.ApiKey, options.BaseAddress, options.AllowPrivateNetworkDownloads) = (_key, address, true);
        (options.QueryRetries, options.CreateRetries, options.DownloadRetries) = (1, 1, 1);
        (options.PollInterval, options.RetryDelay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        options.Resilience.Media.MaxRetryAttempts = 0;
    }

    /// <summary>Logs every header, option and property of requests and responses.</summary>
    private sealed class Writing(IServiceProvider provider) : DelegatingHandler
    {
        private readonly ILogger _log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("a handler of the host");

        public void Write(object? seen)
        {
            if (seen is HttpRequestMessage request)
            {
                Write(
                [
                    request.ToString(),
                    .. KeySearch.TextsOf(request.Headers),
                    .. KeySearch.TextsOf(request.Options),
                    .. KeySearch.TextsOf(request),
                ]);
            }
            else if (seen is HttpResponseMessage response)
            {
                Write(
                [
                    response.ToString(),
                    .. KeySearch.TextsOf(response.Headers),
                    .. KeySearch.TextsOf(response.TrailingHeaders),
                    .. KeySearch.TextsOf(response),
                ]);
                Write(response.RequestMessage);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Write(request);
            var response = await base.SendAsync(request, cancellationToken);
            Write(request);
            Write(response);
            return response;
        }

        private void Write(IEnumerable<string> texts)
        {
            List<KeyValuePair<string, object?>> state = [.. texts.Select(text => KeyValuePair.Create<string, object?>("seen", text))];
            _log.Log(LogLevel.Trace, default, state, exception: null, static (state, _) => string.Join('\n', state));
        }
    }

    /// <summary>
    /// What .NET reports about HTTP: event sources, its internal one included, and diagnostic listeners with the requests themselves.
    /// Without the events of sockets for each byte, which are the wire itself.
    /// </summary>
    private sealed class NetworkListener : EventListener, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private static readonly string[] Names = ["System.Net.Http", "Private.InternalDiagnostics.System.Net.Http"];

        private readonly ConcurrentQueue<string> _texts = new();
        private readonly List<IDisposable> _subscriptions = [];

        private readonly Uri _host;

        public NetworkListener(Uri host)
        {
            _host = host;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public IReadOnlyList<string> Texts => [.. _texts];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
            {
                lock (_subscriptions)
                {
                    _subscriptions.Add(value.Subscribe(this));
                }
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            // Requests of other tests are ignored: reading the length of a form's parts adds it to their headers.
            if (value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is not HttpRequestMessage request
                || request.RequestUri?.Authority != _host.Authority)
            {
                return;
            }

            foreach (var text in KeySearch.TextsOf(value.Value))
            {
                _texts.Enqueue(text);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public override void Dispose()
        {
            lock (_subscriptions)
            {
                _subscriptions.ForEach(subscription => subscription.Dispose());
            }

            base.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (Names.Contains(eventSource.Name))
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            foreach (var text in eventData.Payload?.Select(part => part?.ToString()).OfType<string>() ?? [])
            {
                _texts?.Enqueue(text);
            }
        }
    }
}
