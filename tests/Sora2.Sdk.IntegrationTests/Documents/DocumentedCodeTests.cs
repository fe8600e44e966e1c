namespace Sora2.Sdk.IntegrationTests.Documents;

/// <summary>Every block of C# on every page compiles.</summary>
/// <remarks>
/// Blocks of docs/testing.md, docs/hosting.md and docs/aspnetcore.md are parts of compiled files (TestingGuideTests, HostingDocumentTests,
/// AspNetCoreDocumentTests).
/// </remarks>
public sealed class DocumentedCodeTests
{
    private static readonly string[] Quoted = ["docs/testing.md", "docs/hosting.md", "docs/aspnetcore.md"];

    public static TheoryData<string> Pages =>
    [
        .. new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md" }
            .Concat(Directory.GetFiles(Repository.PathOf("docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}"))
            .Concat(Directory.GetDirectories(Repository.PathOf("src"))
                .Select(folder => $"src/{Path.GetFileName(folder)}/README.md")
                .Where(page => File.Exists(Repository.PathOf(page))))
            .Except(Quoted).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_of_a_page_compiles(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        var imported = page.Contains("Simulator", StringComparison.Ordinal) ? "global using Xunit;"
            : page == "docs/scripts.md" ? "global using LINQPad;"
            : "";

        Assert.Empty(DocumentedPage.ErrorsOf(text, imported).Concat(DocumentedPage.ErrorsOfCells(text)));
    }

    [Fact]
    public void Pages_with_code_are_found() =>
        Assert.True(Pages.Count(page => DocumentedPage.BlocksOf(File.ReadAllText(Repository.PathOf(page.Data))).Count > 0) >= 5);

    [Theory]
    [InlineData("Console.WriteLine(client);\nusing var client = new HttpClient();", "line 5: CS0841")]
    [InlineData("\nConsole.WriteLine(missing);", "line 6: CS0103")]
    [InlineData("var request = new VideoRequest(\"a\");", "line 5: CS0246")]
    [InlineData("foreach (var letter in \"abc\") { … }", "line 5: CS")]
    public void Code_that_does_not_compile_is_reported_with_its_line(string code, string error) =>
        Assert.StartsWith(
            error,
            DocumentedPage.ErrorsOf($"```csharp\nvar client = 1;\n```\n```csharp\n{code}\n```")[0],
            StringComparison.Ordinal);

    [Fact]
    public void Notebook_cell_is_compiled_as_a_script() =>
        Assert.StartsWith(
            "line",
            Assert.Single(DocumentedPage.ErrorsOfCells("```csharp\n#r \"nuget: Sora2.Sdk\"\nint a = \"\";\n```")),
            StringComparison.Ordinal);

    [Fact]
    public void Block_may_use_and_redeclare_names_of_earlier_blocks() => Assert.Empty(DocumentedPage.ErrorsOf(
        "```csharp\nvar first = 1;\nvar second = first;\n```\n\n"
        + "```csharp\nConsole.WriteLine(first);\nvar second = \"\";\nConsole.WriteLine(second.Length);\n```\n"));
}
