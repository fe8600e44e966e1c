using System.Reflection;
using System.Text.RegularExpressions;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Documents;

/// <summary>Runs every block of a page that is a complete program, with the simulator as the platform.</summary>
/// <remarks>
/// A block is a complete program if it imports the SDK itself. Web applications run until they are stopped; the package tests run theirs.
/// </remarks>
public sealed partial class DocumentedProgramTests : SimulatorTest
{
    /// <summary>Types that a program finds before the SDK's client and the console of the process.</summary>
    private const string Helpers = """
        #nullable enable
        global using Xunit;
        using Sora2.Sdk;

        internal static class Sora2Client
        {
            public static Uri? Address;

            public static Sora2.Sdk.Sora2Client Create(Sora2Platform platform, string key, Action<Sora2ClientOptions>? configure = null) =>
                Sora2.Sdk.Sora2Client.Create(platform, key, configure);

            public static Sora2.Sdk.Sora2Client FromEnvironment(Action<Sora2ClientOptions>? configure = null) =>
                Create(Sora2Platform.Juxin, "test-key-simulator", options =>
                {
                    configure?.Invoke(options);
                    options.BaseAddress = Address;
                    options.AllowPrivateNetworkDownloads = true;
                    options.PollInterval = TimeSpan.FromMilliseconds(10);
                });
        }

        internal static class Console
        {
            public static readonly System.Collections.Concurrent.ConcurrentQueue<string> Lines = new();

            public static void WriteLine(object? value) => Lines.Enqueue(value?.ToString() ?? "");
        }
        """;

    /// <summary>The page, the index of its program, the creates on the simulator, and a part of its output or of a file path.</summary>
    public static TheoryData<string, int, int, string> Programs => new()
    {
        { "README.md", 0, 1, "corgi.mp4" },
        { "README.md", 1, 0, "1 create was billed" },
        { "docs/accounts.md", 0, 0, "ok   key: Juxin accepts it." },
        { "docs/errors.md", 0, 0, "Change what the message names. Nothing was charged" },
        { "docs/keys.md", 0, 1, "order-4711.mp4" },
        { "docs/scripts.md", 0, 1, ".mp4" },
        { "src/Sora2.Sdk.Simulator/README.md", 0, 0, "cat.mp4" },
        { "src/Sora2.Sdk/README.md", 0, 0, "1 create would have been billed" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_of_a_page_runs(string page, int index, int creates, string expected)
    {
        var code = FileName().Replace(ProgramsOf(page)[index], match => $"{match.Groups[1].Value}@\"{Folder}/{match.Groups[2].Value}\"");
        var program = Assembly.Load(DocumentedPage.CompileProgram(code, Helpers));
        program.GetType("Sora2Client")!.GetField("Address")!.SetValue(null, Simulator.JuxinBaseAddress);

        await Task.Run(() => program.EntryPoint!.Invoke(null, [new[] { "A corgi surfs at sunset" }]), Token);

        var lines = (IEnumerable<string>)program.GetType("Console")!.GetField("Lines")!.GetValue(null)!;
        Assert.Contains(lines.Concat(Directory.GetFiles(Folder)), text => text.Contains(expected, StringComparison.Ordinal));
        Assert.Equal(creates, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public void Every_program_of_every_page_is_run() => Assert.Equal(
        DocumentedCodeTests.Pages.SelectMany(page => ProgramsOf(page.Data).Select((_, index) => (page.Data, index))),
        Programs.Select(program => (program.Data.Item1, program.Data.Item2)));

    private static List<string> ProgramsOf(string page) =>
    [
        .. DocumentedPage.BlocksOf(File.ReadAllText(Repository.PathOf(page))).Select(block => block.Code).Where(code =>
            code.Contains("using Sora2.Sdk;", StringComparison.Ordinal)
            && !code.Contains("WebApplication", StringComparison.Ordinal)
            && !DocumentedPage.IsCell(code)),
    ];

    [GeneratedRegex("""((?:DownloadAsync\(\w+, |DownloadToDirectoryAsync\(\w+, |FileTaskStore\())"([^"]+)"(?=[,)])""")]
    private static partial Regex FileName();
}
