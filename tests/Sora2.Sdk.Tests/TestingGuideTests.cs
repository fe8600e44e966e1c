namespace Sora2.Sdk.Tests;

public sealed class TestingGuideTests
{
    /// <summary>The snippets of the guide are compiled and run: each is part of the example, line by line.</summary>
    [Fact]
    public void Snippets_of_the_testing_guide_are_in_the_example()
    {
        var files = Directory.GetFiles(Repository.PathOf("samples/Example.Tests"), "*.cs");
        var example = string.Concat(files.Select(file => Trimmed(File.ReadAllText(file))));
        var guide = File.ReadAllText(Repository.PathOf("docs/testing.md")).ReplaceLineEndings("\n");
        var snippets = guide.Split("```csharp\n").Skip(1).Select(rest => rest.Split("\n```")[0]).ToList();

        Assert.True(snippets.Count > 5);
        Assert.All(snippets, snippet => Assert.Contains(Trimmed(snippet), example, StringComparison.Ordinal));
    }

    private static string Trimmed(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim() + "\n"));
}
