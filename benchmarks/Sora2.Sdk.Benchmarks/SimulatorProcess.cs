using System.Diagnostics;
using System.Globalization;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Runs the simulator in a separate process, so that its allocations are not counted as the SDK's.</summary>
internal sealed class SimulatorProcess : IDisposable
{
    private const string Command = "serve";

    private readonly Process _process;

    private SimulatorProcess(Process process, Uri juxin, string apiKey) => (_process, JuxinBaseAddress, ApiKey) = (process, juxin, apiKey);

    public Uri JuxinBaseAddress { get; }

    public string ApiKey { get; }

    public static SimulatorProcess Start(long videoBytes)
    {
        string[] arguments = [typeof(SimulatorProcess).Assembly.Location, Command, videoBytes.ToString(CultureInfo.InvariantCulture)];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new SimulatorProcess(process, new Uri(process.StandardOutput.ReadLine()!), process.StandardOutput.ReadLine()!);
    }

    /// <summary>Serves as the simulator until the parent process ends, if the arguments say so; returns whether they did.</summary>
    public static async Task<bool> ServedAsync(string[] args)
    {
        if (args is not [Command, var videoBytes])
        {
            return false;
        }

        var options = new Sora2SimulatorOptions
        {
            TaskDuration = TimeSpan.Zero,
            MinimumVideoBytes = long.Parse(videoBytes, CultureInfo.InvariantCulture),
            RecordBodies = false,
        };
        var simulator = await Sora2Simulator.StartAsync(options).ConfigureAwait(false);
        await using var _ = simulator.ConfigureAwait(false);
        Console.WriteLine(simulator.JuxinBaseAddress);
        Console.WriteLine(simulator.ApiKey);
        await Console.In.ReadToEndAsync().ConfigureAwait(false);
        return true;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    public Sora2Client Client() => Sora2Client.Create(Sora2Platform.Juxin, ApiKey, options =>
    {
        options.BaseAddress = JuxinBaseAddress;
        options.AllowPrivateNetworkDownloads = true;
        options.PollInterval = TimeSpan.FromMilliseconds(10);
    });
}
