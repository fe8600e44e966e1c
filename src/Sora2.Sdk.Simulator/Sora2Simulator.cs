namespace Sora2.Sdk.Simulator;

/// <summary>
/// Both relay platforms and their media host on three loopback ports, over real HTTP. It speaks their dialects, refuses what they refuse,
/// writes down every request and every paid create, and fails on purpose when told to.
/// </summary>
/// <example>
/// <code>
/// await using var simulator = await Sora2Simulator.StartAsync(new() { SpeedFactor = 100 });
/// // … point a client at simulator.JuxinBaseAddress with simulator.ApiKey …
/// Assert.Equal(1, simulator.Ledger.BilledCreates);
/// </code>
/// </example>
public sealed class Sora2Simulator : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping;
    private readonly SimulatorServer _server;
    private readonly World _world;
    private int _disposed;

    private Sora2Simulator(World world, SimulatorLedger ledger, SimulatorFaults faults, SimulatorServer server, CancellationTokenSource stopping)
    {
        _world = world;
        Ledger = ledger;
        Faults = faults;
        _server = server;
        _stopping = stopping;
    }

    /// <summary>Where Juxin listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public required Uri JuxinBaseAddress { get; init; }

    /// <summary>Where Zhenzhen listens.</summary>
    public required Uri ZhenzhenBaseAddress { get; init; }

    /// <summary>Where the videos lie. A host of its own: it refuses every request that carries the key.</summary>
    public required Uri MediaBaseAddress { get; init; }

    /// <summary>The key that both platforms take.</summary>
    public string ApiKey => _world.Keys.Current;

    /// <summary>Every request so far, and how many of them cost money.</summary>
    public SimulatorLedger Ledger { get; }

    /// <summary>What goes wrong, and when.</summary>
    public SimulatorFaults Faults { get; }

    /// <summary>Where the three hosts are.</summary>
    public override string ToString() => $"juxin on {JuxinBaseAddress}, zhenzhen on {ZhenzhenBaseAddress}, media on {MediaBaseAddress}";

    /// <summary>Starts the three hosts.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value that makes no sense.</exception>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<Sora2Simulator> StartAsync(Sora2SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new Sora2SimulatorOptions();
        options.Validate();

        var ledger = new SimulatorLedger();
        var faults = new SimulatorFaults();
        var world = new World(options);
        ISite juxin = new JuxinRelay(world);
        ISite zhenzhen = new ZhenzhenRelay(world);
        ISite media = new MediaSite(world);

        var stopping = new CancellationTokenSource();
        var server = new SimulatorServer(new RequestPipeline(options, world.Keys, ledger, faults, stopping.Token));
        try
        {
            await server.StartAsync([(juxin, options.JuxinPort), (zhenzhen, options.ZhenzhenPort), (media, options.MediaPort)], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            server.Dispose();
            stopping.Dispose();
            throw;
        }

        world.Links.BaseAddresses = new[] { juxin, zhenzhen, media }.ToDictionary(site => site.Name, server.AddressOf, StringComparer.Ordinal);
        return new Sora2Simulator(world, ledger, faults, server, stopping)
        {
            JuxinBaseAddress = server.AddressOf(juxin),
            ZhenzhenBaseAddress = server.AddressOf(zhenzhen),
            MediaBaseAddress = server.AddressOf(media),
        };
    }

    /// <summary>Has both platforms take another key from now on, and no longer the one before, as when a key is exchanged. The media host goes on refusing both.</summary>
    /// <param name="apiKey">The new key.</param>
    public void RotateKey(string apiKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        _world.Keys.Rotate(apiKey);
    }

    /// <summary>The size of a task's video in bytes, without downloading it.</summary>
    /// <param name="taskId">A task of either platform, finished or not.</param>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public long VideoBytes(string taskId) => VideoOf(taskId).Length;

    /// <summary>The SHA-256 of a task's video in lower-case hex, without downloading it: what a download must have on the disk. It is worked out anew each time.</summary>
    /// <param name="taskId">A task of either platform, finished or not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public Task<string> VideoSha256Async(string taskId, CancellationToken cancellationToken = default)
    {
        var video = VideoOf(taskId);
        return Task.Run(() => video.Sha256(cancellationToken), cancellationToken);
    }

    /// <summary>Stops all three hosts at once; open connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(ShutdownTimeout, TimeProvider.System);
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
        _stopping.Dispose();
    }

    private Content VideoOf(string taskId) => _world.FindTask(taskId) is { } task
        ? _world.VideoOf(task).Content
        : throw new KeyNotFoundException($"The simulator made no task '{taskId}'.");
}
