using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>A simulator per test, a thousand times faster than the platforms, and clients that poll it every 10 ms.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    private readonly List<IDisposable> _clients = [];
    private Sora2Simulator? _simulator;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected Sora2Simulator Simulator => _simulator!;

    /// <summary>A temporary directory per test.</summary>
    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), "sora2-" + Guid.NewGuid().ToString("N"));

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        var options = new Sora2SimulatorOptions { SpeedFactor = 1000, TaskDuration = TimeSpan.FromSeconds(100) };
        Configure(options);
        _simulator = await Sora2Simulator.StartAsync(options, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Simulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Configure(Sora2SimulatorOptions options)
    {
    }

    protected Sora2Client Client(string platform, Action<Sora2ClientOptions>? configure = null, HttpMessageHandler? handler = null)
    {
        var options = Options(platform);
        configure?.Invoke(options);
        var client = new Sora2Client(options, handler);
        _clients.Add(client);
        return client;
    }

    protected Sora2ClientOptions Options(string platform) => new()
    {
        Platform = platform,
        ApiKey = Simulator.ApiKey,
        BaseAddress = AddressOf(platform),
        AllowPrivateNetworkDownloads = true,
        PollInterval = TimeSpan.FromMilliseconds(10),
    };

    /// <summary>Speeds up the client's delays; its timeouts stay long enough for a busy machine.</summary>
    protected static void Hurry(Sora2ClientOptions options)
    {
        options.TimeProvider = new FastClock(200);
        options.QueryTimeout = options.CreateTimeout = options.WaitTimeout = TimeSpan.FromHours(2);
    }

    protected Uri AddressOf(string platform) => platform == "juxin" ? Simulator.JuxinBaseAddress : Simulator.ZhenzhenBaseAddress;

    protected static Storyboard ThreeShots(params ImageInput[] images) => new StoryboardBuilder()
        .AddShot("老鹰展翅高飞", TimeSpan.FromSeconds(5), images)
        .AddShot("It circles over the valley", TimeSpan.FromSeconds(2.5))
        .AddShot("它落在雪山上", TimeSpan.FromSeconds(2.5))
        .Build();
}
