using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class SimulatorStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_hosts_listen_on_three_ports()
    {
        await using var simulator = await Sora2Simulator.StartAsync(cancellationToken: Cancellation);

        Uri[] hosts = [simulator.JuxinBaseAddress, simulator.ZhenzhenBaseAddress, simulator.MediaBaseAddress];
        Assert.Equal(3, hosts.Select(host => host.Port).Distinct().Count());
        Assert.All(hosts, host => Assert.Matches(@"^http://127\.0\.0\.1:\d+/$", host.ToString()));
        Assert.Equal("test-key-simulator", simulator.ApiKey);
    }

    [Theory]
    [InlineData("test-key-simulator", HttpStatusCode.Unauthorized, false)]
    [InlineData("test-key-after", HttpStatusCode.OK, true)]
    public async Task Only_the_rotated_key_is_accepted_and_both_are_redacted_and_refused_by_the_media_host(
        string key,
        HttpStatusCode status,
        bool matched)
    {
        await using var simulator = await Sora2Simulator.StartAsync(cancellationToken: Cancellation);
        simulator.RotateKey("test-key-after");
        using var http = new HttpClient();

        var api = await http.SendAsync(RequestTo(simulator.JuxinBaseAddress), Cancellation);
        var media = await http.SendAsync(RequestTo(simulator.MediaBaseAddress), Cancellation);

        Assert.Equal((status, HttpStatusCode.Forbidden), (api.StatusCode, media.StatusCode));
        Assert.Equal(("test-key-after", (bool?)matched), (simulator.ApiKey, simulator.Ledger.Requests[0].AuthorizationMatched));
        Assert.All(simulator.Ledger.Requests, request =>
        {
            Assert.True(request.CarriedKey);
            Assert.DoesNotContain("test-key", request.PathAndQuery + string.Join(' ', request.Headers.Values), StringComparison.Ordinal);
        });

        HttpRequestMessage RequestTo(Uri host)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host, "/v1/models?key=" + key));
            request.Headers.Authorization = new("Bearer", key);
            return request;
        }
    }

    [Fact]
    public async Task Port_in_use_throws_io_exception()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await Assert.ThrowsAnyAsync<IOException>(() => Sora2Simulator.StartAsync(new() { MediaPort = port }, Cancellation));
    }

    [Fact]
    public async Task Configured_port_is_used()
    {
        await using var first = await Sora2Simulator.StartAsync(cancellationToken: Cancellation);
        var port = first.ZhenzhenBaseAddress.Port;
        await first.DisposeAsync();

        await using var second = await Sora2Simulator.StartAsync(new() { ZhenzhenPort = port }, Cancellation);

        Assert.Equal(port, second.ZhenzhenBaseAddress.Port);
    }

    [Fact]
    public async Task Disposed_simulator_refuses_connections_and_can_be_disposed_again()
    {
        var simulator = await Sora2Simulator.StartAsync(cancellationToken: Cancellation);
        await simulator.DisposeAsync();
        await simulator.DisposeAsync();

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(simulator.JuxinBaseAddress, Cancellation));
    }

    [Fact]
    public async Task Video_has_the_configured_minimum_size()
    {
        const int OneMebibyte = 1 << 20;
        await using var simulator = await Sora2Simulator.StartAsync(
            new() { TaskDuration = TimeSpan.Zero, MinimumVideoBytes = OneMebibyte, RecordBodies = false },
            Cancellation);
        using var http = new HttpClient { BaseAddress = simulator.ZhenzhenBaseAddress };
        http.DefaultRequestHeaders.Authorization = new("Bearer", simulator.ApiKey);
        using var body = new StringContent(
            """{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":"10"}""",
            Encoding.UTF8,
            "application/json");
        using var created = await http.PostAsync("/v2/videos/generations", body, Cancellation);
        var task = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Cancellation)).RootElement;
        var id = task.GetProperty("task_id").GetString();
        var response = await http.GetStringAsync($"/v2/videos/generations/{id}", Cancellation);
        var link = JsonDocument.Parse(response).RootElement.GetProperty("data").GetProperty("output").GetString();

        using var other = new HttpClient();
        var video = await other.GetByteArrayAsync(link, Cancellation);

        Assert.Equal(OneMebibyte, video.Length);
        Assert.Equal(10, Mp4.Seconds(video));
        Assert.True(simulator.Ledger.Requests[0].Body.IsEmpty);
        Assert.Null(simulator.Ledger.Requests[0].Json);
    }

    public static TheoryData<string, Sora2SimulatorOptions> WrongOptions => new()
    {
        { nameof(Sora2SimulatorOptions.ApiKey), new() { ApiKey = " " } },
        { nameof(Sora2SimulatorOptions.JuxinPort), new() { JuxinPort = -1 } },
        { nameof(Sora2SimulatorOptions.ZhenzhenPort), new() { ZhenzhenPort = 65536 } },
        { nameof(Sora2SimulatorOptions.MediaPort), new() { MediaPort = -1 } },
        { nameof(Sora2SimulatorOptions.TimeProvider), new() { TimeProvider = null! } },
        { nameof(Sora2SimulatorOptions.SpeedFactor), new() { SpeedFactor = 0 } },
        { nameof(Sora2SimulatorOptions.SpeedFactor), new() { SpeedFactor = double.PositiveInfinity } },
        { nameof(Sora2SimulatorOptions.TaskDuration), new() { TaskDuration = TimeSpan.FromTicks(-1) } },
        { nameof(Sora2SimulatorOptions.LinkLifetime), new() { LinkLifetime = TimeSpan.Zero } },
        { nameof(Sora2SimulatorOptions.JuxinResponseShape), new() { JuxinResponseShape = (JuxinResponseShape)9 } },
        { nameof(Sora2SimulatorOptions.VideoLinkKind), new() { VideoLinkKind = (VideoLinkKind)9 } },
        { nameof(Sora2SimulatorOptions.ExtraJuxinModels), new() { ExtraJuxinModels = null! } },
        { nameof(Sora2SimulatorOptions.ExtraZhenzhenModels), new() { ExtraZhenzhenModels = null! } },
        { nameof(Sora2SimulatorOptions.ExtraJuxinModels), new() { ExtraJuxinModels = ["veo3", " "] } },
        { nameof(Sora2SimulatorOptions.ExtraZhenzhenModels), new() { ExtraZhenzhenModels = [""] } },
        { nameof(Sora2SimulatorOptions.BalanceUsd), new() { BalanceUsd = -0.1m } },
        { nameof(Sora2SimulatorOptions.BalanceUsd), new() { BalanceUsd = 2_000_000_000 } },
        { nameof(Sora2SimulatorOptions.BalanceRoutes), new() { BalanceRoutes = (SimulatorBalanceRoutes)4 } },
        { nameof(Sora2SimulatorOptions.MinimumVideoBytes), new() { MinimumVideoBytes = -1 } },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public async Task Invalid_option_is_refused_by_name(string option, Sora2SimulatorOptions options)
    {
        var refusal = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Sora2Simulator.StartAsync(options, Cancellation));

        Assert.Equal(option, refusal.ParamName);
        Assert.Contains($"Sora2SimulatorOptions.{option} must", refusal.Message, StringComparison.Ordinal);
    }
}
