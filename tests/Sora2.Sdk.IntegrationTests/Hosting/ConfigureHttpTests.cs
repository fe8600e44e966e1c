using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>A host's own proxies, certificates and handlers.</summary>
public sealed class ConfigureHttpTests : SimulatorTest
{
    /// <summary>The two ways to set a proxy: a handler in place of the SDK's, or a change to it.</summary>
    private static readonly Dictionary<string, Func<IHttpClientBuilder, IWebProxy, IHttpClientBuilder>> Ways = new(StringComparer.Ordinal)
    {
        ["replaced"] = (http, proxy) => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = proxy }),
        ["changed"] = (http, proxy) => http.ConfigurePrimaryHttpMessageHandler((handler, _) => ((SocketsHttpHandler)handler).Proxy = proxy),
    };

    [Theory]
    [InlineData("replaced")]
    [InlineData("changed")]
    public async Task Calls_and_downloads_go_through_a_proxy(string way)
    {
        using var proxy = new ForwardProxy();
        await using var provider = Provider(Fill, http => Ways[way](http, new WebProxy(proxy.Address)));
        var client = provider.GetRequiredService<ISora2Client>();

        var task = await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);
        var video = await client.Videos.DownloadToDirectoryAsync(
            task, Folder, new DownloadOptions { ComputeSha256 = true }, cancellationToken: Token);

        Assert.Equal(await Simulator.VideoSha256Async(task.Id, Token), video.Sha256);
        Assert.Equal(Simulator.Ledger.Requests.Count, proxy.Asked.Count);
        Assert.Equal($"POST {Simulator.JuxinBaseAddress}v1/video/create HTTP/1.1", proxy.Asked[0]);
        Assert.StartsWith($"GET {Simulator.MediaBaseAddress}videos/", proxy.Asked[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replaced")]
    [InlineData("changed")]
    public async Task Host_that_only_the_proxy_resolves_is_reached_through_it(string way)
    {
        using var proxy = new ForwardProxy();
        await using var provider = Provider(
            options =>
            {
                Fill(options);
                options.BaseAddress = new Uri($"http://relay.invalid:{Simulator.JuxinBaseAddress.Port}");
                options.AllowInsecureBaseAddress = true;
                options.AllowPrivateNetworkDownloads = false;
            },
            http => Ways[way](http, new WebProxy(proxy.Address)));

        await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("intranet")]
    [InlineData("metadata.google.internal")]
    [InlineData("printer.local")]
    [InlineData("nas.home.arpa")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("0x7f000001")]
    [InlineData("127.0.0.1.")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Name_of_a_private_network_is_refused_before_it_reaches_the_proxy(string host)
    {
        using var proxy = new ForwardProxy();
        await using var provider = Provider(
            options =>
            {
                Fill(options);
                options.AllowPrivateNetworkDownloads = false;
            },
            http => Ways["replaced"](http, new WebProxy(proxy.Address)));
        var video = new VideoTask
        {
            PlatformName = "juxin",
            Id = "t",
            Status = VideoTaskStatus.Succeeded,
            VideoUrl = new Uri($"http://{host}:{Simulator.MediaBaseAddress.Port}/videos/x.mp4"),
        };

        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => provider.GetRequiredService<ISora2Client>().Videos.DownloadToDirectoryAsync(video, Folder, cancellationToken: Token));

        Assert.Empty(proxy.Asked);
    }

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Digest realm=\"x\", nonce=\"n\", qop=\"auth\", algorithm=MD5")]
    public async Task Challenge_refuses_a_create_despite_credentials_on_the_handler(string challenge)
    {
        using var api = new HostileHost(_ => HostileHost.Response("401 Unauthorized", $"WWW-Authenticate: {challenge}\r\n", ""));
        await using var provider = Provider(
            options => Fill(options, api.Address),
            http => http.ConfigurePrimaryHttpMessageHandler(
                () => new SocketsHttpHandler { Credentials = new NetworkCredential("user", "word") }));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(provider));

        Assert.Equal(
            (Sora2ErrorKind.Authentication, HttpStatusCode.Unauthorized, (bool?)false),
            (error.Kind, error.StatusCode, error.MayHaveBeenCharged));
        Assert.Single(api.Heads);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Proxy_that_requires_credentials_refuses_a_create(bool hasWrongOnes)
    {
        using var proxy = new HostileHost(
            _ => HostileHost.Response("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"\r\n", ""));
        await using var provider = Provider(
            options =>
            {
                Fill(options, new Uri("http://relay.invalid"));
                options.AllowInsecureBaseAddress = true;
            },
            http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                Proxy = new WebProxy(proxy.Address) { Credentials = hasWrongOnes ? new NetworkCredential("user", "word") : null },
            }));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(provider));

        Assert.Equal(
            (Sora2ErrorKind.Authentication, HttpStatusCode.ProxyAuthenticationRequired, (bool?)false),
            (error.Kind, error.StatusCode, error.MayHaveBeenCharged));
        Assert.Contains("A proxy on the way asks for credentials", error.Message, StringComparison.Ordinal);
        Assert.Single(proxy.Heads);
    }

    [Fact]
    public async Task Https_api_with_a_private_certificate_is_reached_once_it_is_accepted_also_through_a_proxy()
    {
        using var certificate = SelfSigned();
        await using var api = await SecureApiAsync(certificate);
        using var proxy = new ForwardProxy();
        var address = new Uri(api.Urls.Single());
        await using var refusing = Provider(options => Fill(options, address), _ => { });
        await using var accepting = Provider(
            options => Fill(options, address),
            http => http.ConfigurePrimaryHttpMessageHandler((handler, _) => Accept((SocketsHttpHandler)handler)));
        await using var tunnelling = Provider(options => Fill(options, address), http => http.ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) };
            Accept(handler);
            return handler;
        }));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(refusing));
        Assert.Equal((Sora2ErrorKind.Network, (bool?)false, 1), (error.Kind, error.MayHaveBeenCharged, error.Attempts));
        Assert.Contains($"The certificate of {address.Authority} was not accepted", error.Message, StringComparison.Ordinal);
        Assert.Equal("secure", (await CreateAsync(accepting)).Id);
        Assert.Equal("secure", (await CreateAsync(tunnelling)).Id);
        Assert.Equal([$"CONNECT {address.Authority} HTTP/1.1"], proxy.Asked);

        void Accept(SocketsHttpHandler handler) => handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, errors) =>
            errors == SslPolicyErrors.None
                || presented?.GetCertHashString(HashAlgorithmName.SHA256) == certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(2, 2)]
    public async Task Connections_are_renewed_unless_the_host_sets_their_lifetime(int? minutes, int expected)
    {
        var handlers = new List<SocketsHttpHandler>();
        await using var provider = Provider(Fill, http => http.ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = new SocketsHttpHandler();
            handler.PooledConnectionLifetime = minutes is { } given ? TimeSpan.FromMinutes(given) : handler.PooledConnectionLifetime;
            handlers.Add(handler);
            return handler;
        }));
        _ = provider.GetRequiredService<ISora2Client>();

        Assert.Equal(
            [TimeSpan.FromMinutes(expected), TimeSpan.FromMinutes(expected)], handlers.Select(handler => handler.PooledConnectionLifetime));
    }

    [Fact]
    public async Task Handler_inside_a_handler_of_the_host_is_guarded()
    {
        Simulator.Faults.On(SimulatorOperation.Query).Then(SimulatorFault.Redirect(302, Simulator.MediaBaseAddress));
        await using var provider = Provider(
            options =>
            {
                Fill(options);
                options.AllowPrivateNetworkDownloads = false;
            },
            http => http.ConfigurePrimaryHttpMessageHandler(
                () => new Plain { InnerHandler = new Plain { InnerHandler = new SocketsHttpHandler() } }));
        var client = provider.GetRequiredService<ISora2Client>();

        var redirected = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("t", Token));
        var video = new VideoTask
        {
            PlatformName = "juxin",
            Id = "t",
            Status = VideoTaskStatus.Succeeded,
            VideoUrl = new Uri($"http://localhost:{Simulator.MediaBaseAddress.Port}/videos/x.mp4"),
        };
        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.DownloadToDirectoryAsync(video, Folder, cancellationToken: Token));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, redirected.Kind);
        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.Media));
    }

    /// <summary>What a host may want to have only one of.</summary>
    public static TheoryData<HttpMessageHandler> Handlers =>
        [new SocketsHttpHandler(), new HttpClientHandler(), new Plain { InnerHandler = new SocketsHttpHandler() }];

    [Theory]
    [MemberData(nameof(Handlers), DisableDiscoveryEnumeration = true)]
    public async Task Handler_shared_by_api_and_media_is_refused_before_anything_is_sent(HttpMessageHandler shared)
    {
        await using var provider = Provider(Fill, http => http.ConfigurePrimaryHttpMessageHandler(() => shared));

        Refuses(provider);
    }

    [Theory]
    [MemberData(nameof(Handlers), DisableDiscoveryEnumeration = true)]
    public async Task Handler_that_the_application_has_used_is_refused(HttpMessageHandler used)
    {
        using var http = new HttpClient(used);
        using var response = await http.GetAsync(Simulator.MediaBaseAddress, Token);
        await using var provider = Provider(Fill, http => http.ConfigurePrimaryHttpMessageHandler(() => used));

        Refuses(provider);
    }

    [Fact]
    public async Task Two_clients_cannot_share_a_handler()
    {
        using var used = new SocketsHttpHandler();
        using var other = new SocketsHttpHandler();
        var services = new ServiceCollection();
        services.AddSora2("one", Fill).ConfigureHttp(
            http => http.ConfigurePrimaryHttpMessageHandler(() => IsMedia(http) ? new SocketsHttpHandler() : used));
        services.AddSora2("two", Fill).ConfigureHttp(http => http.ConfigurePrimaryHttpMessageHandler(() => IsMedia(http) ? other : used));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);

        Refuses(provider, "two");

        static bool IsMedia(IHttpClientBuilder http) => http.Name.Contains("Media", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_of_the_factory_is_off_until_a_host_turns_it_on(bool isOn)
    {
        var categories = new Categories();
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(categories));
        services.AddSora2(Fill).ConfigureHttp(http =>
        {
            if (isOn)
            {
                http.AddDefaultLogger();
            }
        });
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Contains("Sora2.Sdk", categories.Written);
        Assert.Equal(
            isOn,
            categories.Written.Any(category => category.StartsWith("System.Net.Http.HttpClient.Sora2.Sdk", StringComparison.Ordinal)));
    }

    private static void Refuses(IServiceProvider provider, string name = "")
    {
        var error = Assert.Throws<Sora2ValidationException>(() => provider.GetRequiredKeyedService<ISora2Client>(name));
        Assert.StartsWith("A handler is in use already.", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider(Action<Sora2ClientOptions> configure, Action<IHttpClientBuilder> http) =>
        new ServiceCollection().AddSora2(configure).ConfigureHttp(http).Services.BuildServiceProvider();

    private static Task<VideoTask> CreateAsync(ServiceProvider provider) =>
        provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);

    private void Fill(Sora2ClientOptions options) => Fill(options, Simulator.JuxinBaseAddress);

    private void Fill(Sora2ClientOptions options, Uri address)
    {
        (options.ApiKey, options.BaseAddress, options.AllowPrivateNetworkDownloads) = (Simulator.ApiKey, address, true);
        (options.PollInterval, options.RetryDelay) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(1));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static async Task<WebApplication> SecureApiAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        var api = builder.Build();
        api.Run(context => context.Response.WriteAsync("""{"id":"secure","status":"queued"}"""));
        await api.StartAsync(Token);
        return api;
    }

    private sealed class Plain : DelegatingHandler;

    private sealed class Categories : ILoggerProvider
    {
        private readonly HashSet<string> _written = new(StringComparer.Ordinal);

        public IReadOnlyCollection<string> Written
        {
            get
            {
                lock (_written)
                {
                    return [.. _written];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => new Category(_written, categoryName);

        public void Dispose()
        {
        }

        private sealed class Category(HashSet<string> written, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                lock (written)
                {
                    written.Add(name);
                }
            }
        }
    }
}
