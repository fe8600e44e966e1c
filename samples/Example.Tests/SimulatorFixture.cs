using Sora2.Sdk;
using Sora2.Sdk.Simulator;

namespace Example;

/// <summary>Both platforms on real sockets, and a folder for the videos.</summary>
/// <remarks>
/// As a class fixture it serves many tests. A test that sets faults or counts billed creates starts its own, which takes milliseconds.
/// </remarks>
public sealed class SimulatorFixture : IAsyncLifetime
{
    public Sora2Simulator Simulator { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("example-").FullName;

    public async ValueTask InitializeAsync() =>
        Simulator = await Sora2Simulator.StartAsync(new Sora2SimulatorOptions { SpeedFactor = 1000 }); // 270 s take 270 ms

    /// <summary>Creates a client like the application's, with the simulator's address and short intervals.</summary>
    public Sora2Client Connect(Action<Sora2ClientOptions>? configure = null) =>
        Sora2Client.Create(Sora2Platform.Juxin, Simulator.ApiKey, options =>
        {
            options.BaseAddress = Simulator.JuxinBaseAddress;
            options.AllowPrivateNetworkDownloads = true; // the simulator serves its videos from this machine
            options.PollInterval = TimeSpan.FromMilliseconds(20);
            options.RetryDelay = TimeSpan.FromMilliseconds(20);
            configure?.Invoke(options);
        });

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
