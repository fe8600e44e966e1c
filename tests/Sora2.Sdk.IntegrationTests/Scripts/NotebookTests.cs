using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sora2.Sdk.IntegrationTests.Scripts;

public sealed class NotebookTests
{
    /// <summary>A cell is a C# script, whose top level takes less than a program's: no <c>using var</c>, for one.</summary>
    [Fact]
    public void The_cell_in_the_guide_can_be_read_as_a_script()
    {
        const string Begin = "```csharp\n#r \"nuget: Sora2.Sdk\"\n"; // what a notebook looks up itself
        var cell = Assert.Single(File.ReadAllText(Repository.PathOf("docs/scripts.md")).ReplaceLineEndings("\n").Split(Begin).Skip(1)).Split("```")[0];

        var parsed = CSharpSyntaxTree.ParseText(cell, new CSharpParseOptions(kind: SourceCodeKind.Script), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(parsed.GetDiagnostics(TestContext.Current.CancellationToken));
    }
}
