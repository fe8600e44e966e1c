using System.Reflection;
using System.Xml.Linq;
using LINQPad;
using Sora2.Sdk.Common;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Scripts;

/// <summary>The LINQPad samples of the package, compiled unchanged (LinqPadQueries.targets) and run against the simulator.</summary>
public sealed class LinqPadQueryTests : SimulatorTest
{
    private static readonly string Queries = Repository.PathOf("src/Sora2.Sdk/linqpad-samples");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Queries).Select(file => Path.GetFileName(file)!)];

    /// <summary>The query, the number of paid creates, the number of files it writes, and a fragment of its output.</summary>
    public static TheoryData<string, int, int, string> Runs => new()
    {
        { "1 First video.linq", 1, 1, "<video" },
        { "2 Live progress.linq", 1, 0, "progressbar" },
        { "3 Storyboard.linq", 1, 0, "<table" },
        { "4 Characters by name.linq", 2, 1, "阳光小猫" },
        { "5 Batch with downloads.linq", 4, 4, "#3" },
        { "6 Resume a task.linq", 0, 1, "file:///" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Query_needs_only_the_package(string file)
    {
        var text = File.ReadAllText(Path.Combine(Queries, file));

        Assert.EndsWith(".linq", file, StringComparison.Ordinal);
        const string Header = """
            <Query Kind="Statements">
              <NuGetReference>Sora2.Sdk</NuGetReference>
              <Namespace>Sora2.Sdk</Namespace>
            </Query>

            //
            """;
        Assert.StartsWith(Header.ReplaceLineEndings("\n"), text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Util.GetPassword(\"juxin\")", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Task.", text, StringComparison.Ordinal); // System.Threading.Tasks is not imported by default
        Assert.Contains(Runs, run => run.Data.Item1 == file);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Query_runs_and_shows_its_results(string file, int paid, int files, string shown)
    {
        var made = await Client("juxin").Videos.GenerateAsync(new VideoRequest("p"), cancellationToken: Token);
        Simulator.Ledger.Clear();
        var session = new Session
        {
            Reply = prompt => prompt switch
            {
                "juxin" => Simulator.ApiKey,
                "simulator" => Simulator.JuxinBaseAddress.AbsoluteUri,
                _ when prompt.Contains("folder", StringComparison.Ordinal) => Folder,
                _ when prompt.Contains("file", StringComparison.Ordinal) => Path.Combine(Folder, "characters.json"),
                _ when prompt.Contains("id", StringComparison.Ordinal) && prompt.Contains("task", StringComparison.Ordinal) => made.Id,
                _ => "",
            },
        };
        session.Begin();

        var name = "Sora2.Sdk.LinqPadQueries.Query_" + Path.GetFileNameWithoutExtension(file).Replace(' ', '_');
        await (Task)Type.GetType(name, throwOnError: true)!.GetMethod("RunAsync")!.Invoke(null, null)!;

        var cards = session.Shown.SelectMany(value => value is IEnumerable<object> list ? list.Select(Shown) : [value])
            .OfType<Html>()
            .ToList();
        Assert.Contains(cards, card => card.Text.Contains(shown, StringComparison.Ordinal));
        Assert.All(cards, card => Assert.DoesNotContain("X-Sig", XElement.Parse(card.Text).Value, StringComparison.Ordinal));
        Assert.Equal(paid, Simulator.Ledger.BilledCreates);

        // The library may still be marking a character as used, with a lock and an unfinished file beside its own.
        Assert.Equal(files, Directory.GetFiles(Folder).Count(
            path => !path.EndsWith(".lock", StringComparison.Ordinal) && !path.EndsWith(AtomicFile.Unfinished, StringComparison.Ordinal)));

        // LINQPad enumerates lists.
        static object? Shown(object value) =>
            value.GetType().GetMethod("ToDump", BindingFlags.Instance | BindingFlags.NonPublic)?.Invoke(value, null);
    }
}
