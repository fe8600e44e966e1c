using System.Diagnostics;
using System.Globalization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.Benchmarks;

/// <summary>The simulator in a process of its own, so that what it allocates and collects is not counted as the SDK's.</summary>
internal sealed class SimulatorProcess : IDisposable
{
    private const string Command = "serve";

    private readonly Process _process;

    private SimulatorProcess(Process process, Uri juxin, string apiKey) => (_process, JuxinBaseAddress, ApiKey) = (process, juxin, apiKey);

    public Uri JuxinBaseAddress { get; }

    public string ApiKey { get; }

    public static SimulatorProcess Start(long videoBytes)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SimulatorProcess).Assembly.Location, Command, videoBytes.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new SimulatorProcess(process, new Uri(process.StandardOutput.ReadLine()!), process.StandardOutput.ReadLine()!);
    }

    /// <summary>Whether this process is meant to be the simulator; if so, it has been one until its parent ended.</summary>
    public static async Task<bool> ServedAsync(string[] args)
    {
        if (args is not [Command, var videoBytes])
        {
            return false;
        }

        var simulator = await Sora2Simulator.StartAsync(new Sora2SimulatorOptions { TaskDuration = TimeSpan.Zero, MinimumVideoBytes = long.Parse(videoBytes, CultureInfo.InvariantCulture), RecordBodies = false }).ConfigureAwait(false);
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
