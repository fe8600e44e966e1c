using System.Diagnostics;
using System.Globalization;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Tasks;

/// <summary>A process of the program <c>tests/Sora2.Sdk.Worker</c>.</summary>
internal sealed class Worker : IDisposable
{
    private readonly Process _process;

    private Worker(Process process) => _process = process;

    public static Worker Start(Sora2Simulator simulator, string platform, string workFolder, int videos, bool keyed = false)
    {
        // Built for the same framework, in the neighbouring folder.
        var folder = AppContext.BaseDirectory.Replace("Sora2.Sdk.IntegrationTests", "Sora2.Sdk.Worker", StringComparison.Ordinal);
        var program = Path.Combine(folder, "Sora2.Sdk.Worker" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var address = platform == "juxin" ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress;
        string[] arguments =
        [
            platform, address.AbsoluteUri, simulator.ApiKey, workFolder, videos.ToString(CultureInfo.InvariantCulture),
            keyed ? "keyed" : "resumed",
        ];
        return new Worker(Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits for a condition while the process runs.</summary>
    /// <returns>False if the process ended first.</returns>
    public async Task<bool> UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            if (_process.HasExited)
            {
                return condition();
            }

            await Task.Delay(1, cancellationToken); // another process: there is nothing to await
        }

        return true;
    }

    /// <summary>Kills the process (SIGKILL).</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async Task<(int Code, string Output)> EndAsync(CancellationToken cancellationToken)
    {
        var error = _process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, output + await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
