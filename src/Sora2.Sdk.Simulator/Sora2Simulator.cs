using Sora2.Sdk.Simulator.Media;
using Sora2.Sdk.Simulator.Relays;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator;

/// <summary>Simulates both relay platforms and their media host on three loopback ports, over real HTTP.</summary>
/// <remarks>
/// It responds and rejects requests as the platforms do, records every request and every paid create in <see cref="Ledger"/>, and
/// applies the faults queued in <see cref="Faults"/>.
/// </remarks>
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
    private readonly SimulatorState _state;
    private int _disposed;

    private Sora2Simulator(
        SimulatorState state,
        SimulatorLedger ledger,
        SimulatorFaults faults,
        SimulatorServer server,
        CancellationTokenSource stopping)
    {
        _state = state;
        Ledger = ledger;
        Faults = faults;
        _server = server;
        _stopping = stopping;
    }

    /// <summary>The base address of Juxin, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public required Uri JuxinBaseAddress { get; init; }

    /// <summary>The base address of Zhenzhen.</summary>
    public required Uri ZhenzhenBaseAddress { get; init; }

    /// <summary>The base address of the media host, which serves the videos and refuses every request that carries the API key.</summary>
    public required Uri MediaBaseAddress { get; init; }

    /// <summary>The API key that both platforms accept.</summary>
    public string ApiKey => _state.Keys.Current;

    /// <summary>The requests so far, and the number of those that were billed.</summary>
    public SimulatorLedger Ledger { get; }

    /// <summary>The queue of faults for the next requests.</summary>
    public SimulatorFaults Faults { get; }

    /// <summary>Returns the addresses of the three hosts.</summary>
    public override string ToString() =>
        $"juxin on {JuxinBaseAddress}, zhenzhen on {ZhenzhenBaseAddress}, media on {MediaBaseAddress}";

    /// <summary>Starts the three hosts.</summary>
    /// <param name="options">The options; null uses the defaults.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option value is out of range.</exception>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<Sora2Simulator> StartAsync(
        Sora2SimulatorOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new Sora2SimulatorOptions();
        options.Validate();

        var ledger = new SimulatorLedger();
        var faults = new SimulatorFaults();
        var state = new SimulatorState(options);
        ISimulatedHost juxin = new JuxinRelay(state);
        ISimulatedHost zhenzhen = new ZhenzhenRelay(state);
        ISimulatedHost media = new MediaHost(state);

        var stopping = new CancellationTokenSource();
        var server = new SimulatorServer(new RequestPipeline(options, state.Keys, ledger, faults, stopping.Token));
        try
        {
            await server.StartAsync(
                [(juxin, options.JuxinPort), (zhenzhen, options.ZhenzhenPort), (media, options.MediaPort)],
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            server.Dispose();
            stopping.Dispose();
            throw;
        }

        state.Links.BaseAddresses = new[] { juxin, zhenzhen, media }
            .ToDictionary(host => host.Name, server.AddressOf, StringComparer.Ordinal);
        return new Sora2Simulator(state, ledger, faults, server, stopping)
        {
            JuxinBaseAddress = server.AddressOf(juxin),
            ZhenzhenBaseAddress = server.AddressOf(zhenzhen),
            MediaBaseAddress = server.AddressOf(media),
        };
    }

    /// <summary>Rotates the API key: both platforms accept only the new key from now on.</summary>
    /// <remarks>The media host refuses the new key and all previous ones.</remarks>
    /// <param name="apiKey">The new key.</param>
    /// <exception cref="ArgumentException">The key is empty or white space.</exception>
    public void RotateKey(string apiKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        _state.Keys.Rotate(apiKey);
    }

    /// <summary>Returns the size of a task's video in bytes, without downloading it.</summary>
    /// <param name="taskId">The id of a task of either platform, finished or not.</param>
    /// <exception cref="KeyNotFoundException">The simulator has no such task.</exception>
    public long VideoBytes(string taskId) => VideoOf(taskId).Length;

    /// <summary>Computes the SHA-256 of a task's video in lower-case hex, without downloading it.</summary>
    /// <remarks>A complete download has the same hash. Each call computes it again.</remarks>
    /// <param name="taskId">The id of a task of either platform, finished or not.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="KeyNotFoundException">The simulator has no such task.</exception>
    public Task<string> VideoSha256Async(string taskId, CancellationToken cancellationToken = default)
    {
        var video = VideoOf(taskId);
        return Task.Run(() => video.Sha256(cancellationToken), cancellationToken);
    }

    /// <summary>Stops all three hosts and closes open connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(ShutdownTimeout, TimeProvider.System);
        await _server.StopAsync(timeout.Token).ConfigureAwait(false);
        _server.Dispose();
        _stopping.Dispose();
    }

    private Content VideoOf(string taskId) => _state.FindTask(taskId) is { } task
        ? _state.VideoOf(task).Content
        : throw new KeyNotFoundException($"The simulator has no task '{taskId}'.");
}
