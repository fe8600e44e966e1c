using Sora2.Sdk;
using Sora2.Sdk.Simulator;

namespace Example;

/// <summary>
/// Both platforms on real sockets, and a folder for what comes of it. As a class fixture it serves many tests; a test that sets faults or counts what was paid makes one of its own, which takes
/// some milliseconds.
/// </summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    public Sora2Simulator Simulator { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("example-").FullName;

    public async ValueTask InitializeAsync() =>
        Simulator = await Sora2Simulator.StartAsync(new Sora2SimulatorOptions { SpeedFactor = 1000 }); // 270 s take 270 ms

    /// <summary>A client as the application has it, but for where the platform is and how long a test likes to wait.</summary>
    public Sora2Client Connect(Action<Sora2ClientOptions>? configure = null) => Sora2Client.Create(Sora2Platform.Juxin, Simulator.ApiKey, options =>
    {
        options.BaseAddress = Simulator.JuxinBaseAddress;
        options.AllowPrivateNetworkDownloads = true; // its videos lie on this machine
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
