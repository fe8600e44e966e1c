using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Runs clients in other languages, each in its own process, against the simulator's program.</summary>
/// <remarks><c>eng/clients.sh</c> installs what they need.</remarks>
public sealed class ClientTests
{
    private static readonly string Folder = Path.GetFullPath(Repository.PathOf("tests/clients"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Openai_package_creates_downloads_and_remixes_videos()
    {
        Assert.SkipUnless(await WorksAsync("node", "--version"), "Node.js is missing: eng/clients.sh installs it.");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules", "openai")),
            "The package openai is missing: run `npm install` in tests/clients, or eng/clients.sh.");

        await RunAsync("node", "openai_client.mjs");
    }

    [Fact]
    public async Task Python_requests_create_videos_as_clients_of_zhenzhen_do()
    {
        string? python = null;
        foreach (var candidate in new[] { "python3", "/usr/bin/python3" })
        {
            python ??= await WorksAsync(candidate, "-c", "import requests") ? candidate : null;
        }

        Assert.SkipUnless(python is not null, "Python 3 with the package requests is missing: eng/clients.sh installs it.");

        await RunAsync(python!, "requests_client.py");
    }

    [Fact]
    public async Task Curl_creates_videos_as_clients_of_juxin_do()
    {
        Assert.SkipUnless(
            await WorksAsync("curl", "--version") && await WorksAsync("bash", "--version"),
            "curl or bash is missing: eng/clients.sh installs curl.");

        await RunAsync("bash", "curl_client.sh");
    }

    /// <summary>Runs the client to its end and compares its number of paid creates with the simulator's.</summary>
    private static async Task RunAsync(string program, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The clients are run where there are signals.");
        using var tool = await Tool.StartAsync(Cancellation, "--juxin-models", "sora-2,veo3.1-fast", "--zhenzhen-models", "veo3.1");

        var (exitCode, output, errors) = await ProcessAsync(program, [script], tool);

        Assert.True(exitCode == 0, $"{script} ended with {exitCode}:\n{output}\n{errors}");
        const string Count = "paid creates: ";
        var paid = int.Parse(output[(output.LastIndexOf(Count, StringComparison.Ordinal) + Count.Length)..], CultureInfo.InvariantCulture);
        Assert.True(paid > 0);
        Assert.Equal((paid, paid), await tool.StopAsync(Cancellation));
    }

    private static async Task<bool> WorksAsync(string program, params string[] arguments)
    {
        try
        {
            return (await ProcessAsync(program, arguments, tool: null)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // The program is not installed.
            return false;
        }
    }

    private static async Task<(int ExitCode, string Output, string Errors)> ProcessAsync(
        string program,
        IEnumerable<string> arguments,
        Tool? tool)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (tool is not null)
        {
            start.Environment["JUXIN"] = tool.Juxin.AbsoluteUri;
            start.Environment["ZHENZHEN"] = tool.Zhenzhen.AbsoluteUri;
            start.Environment["KEY"] = Tool.Key;
        }

        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(Cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            return (process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
