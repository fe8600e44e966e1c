using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The simulator's program in its own process, on free ports.</summary>
internal sealed partial class Tool : IDisposable
{
    public const string Key = "test-key-simulator";

    private static readonly string Program = typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "SimulatorProgram").Value!;

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Tool(Process process, CancellationToken cancellationToken)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(cancellationToken);
    }

    /// <summary>The text that the program printed at its start.</summary>
    public string Banner { get; private set; } = "";

    public Uri Juxin => AddressOf("Juxin");

    public Uri Zhenzhen => AddressOf("Zhenzhen");

    /// <summary>Starts the program and waits until it listens.</summary>
    public static async Task<Tool> StartAsync(CancellationToken cancellationToken, params string[] options)
    {
        string[] defaults = ["--juxin-port", "0", "--zhenzhen-port", "0", "--media-port", "0", "--speed", "1000"];
        var tool = Open([.. defaults, .. options], cancellationToken);
        try
        {
            while (!tool.Banner.Contains("Ctrl+C", StringComparison.Ordinal))
            {
                tool.Banner += await tool._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line
                    ? line + "\n"
                    : throw new InvalidOperationException($"The program ended: {await tool._errors}");
            }
        }
        catch
        {
            tool.Dispose();
            throw;
        }

        return tool;
    }

    /// <summary>Runs the program with options that make it exit by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        CancellationToken cancellationToken,
        params string[] options)
    {
        using var tool = Open(options, cancellationToken);
        var output = await tool._process.StandardOutput.ReadToEndAsync(cancellationToken);
        await tool._process.WaitForExitAsync(cancellationToken);
        return (tool._process.ExitCode, output, await tool._errors);
    }

    /// <summary>Stops the program with the signal that a user sends.</summary>
    /// <returns>The total of billed creates that it prints, and the number of lines about a billed create.</returns>
    public async Task<(int Total, int Lines)> StopAsync(CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {_process.Id}")]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        Assert.Equal((0, ""), (_process.ExitCode, await _errors));
        var total = Totals().Match(output);
        Assert.True(total.Success, output);
        return (int.Parse(total.Groups[1].Value, CultureInfo.InvariantCulture), Billed().Count(output));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static Tool Open(string[] options, CancellationToken cancellationToken) => new(
        Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!,
        cancellationToken);

    private Uri AddressOf(string host)
    {
        const RegexOptions Options = RegexOptions.Multiline | RegexOptions.CultureInvariant;
        return new Uri(Regex.Match(Banner, $@"^ *{host} +(http\S+)", Options, TimeSpan.FromSeconds(10)).Groups[1].Value);
    }

    [GeneratedRegex(
        @"^\d+ requests, (\d+) of them billed\.",
        RegexOptions.Multiline | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Totals();

    [GeneratedRegex("  billed  ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Billed();
}
