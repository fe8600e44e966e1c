namespace Sora2.Sdk.Tests;

public sealed class TestingGuideTests
{
    /// <summary>What the guide shows is compiled and run: it stands, line by line, in the example.</summary>
    [Fact]
    public void Every_snippet_of_the_testing_guide_is_in_the_example()
    {
        var example = string.Concat(Directory.GetFiles(Repository.PathOf("samples/Example.Tests"), "*.cs").Select(file => Trimmed(File.ReadAllText(file))));
        var snippets = File.ReadAllText(Repository.PathOf("docs/testing.md")).ReplaceLineEndings("\n").Split("```csharp\n").Skip(1).Select(rest => rest.Split("\n```")[0]).ToList();

        Assert.True(snippets.Count > 5);
        Assert.All(snippets, snippet => Assert.Contains(Trimmed(snippet), example, StringComparison.Ordinal));
    }

    private static string Trimmed(string text) => string.Concat(text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim() + "\n"));
}
