using System.Text.RegularExpressions;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests;

/// <summary>Holds every text of the repository to the glossary in CONTRIBUTING.md, and every C# file to its line length.</summary>
/// <remarks>Reads the folders and not git, so that it works in a source archive as well.</remarks>
public sealed partial class GlossaryTests
{
    private const int MaxColumns = 140;
    private const int MaxSummary = 200;

    private static readonly string[] Extensions =
        [".cs", ".md", ".linq", ".sh", ".csproj", ".props", ".targets", ".yml", ".slnf", ".json"];

    private static readonly string[] Scripts = ["run", "install"];

    /// <summary>Folders that builds, tools and samples write.</summary>
    private static readonly string[] Generated =
    [
        ".git", ".idea", ".vs", ".vscode", "artifacts", "BenchmarkDotNet.Artifacts", "bin", "node_modules", "obj", "StrykerOutput",
        "tasks", "TestResults", "videos",
    ];

    /// <summary>Folders whose texts are not ours to word, or are only names: bodies of the platforms, listings of the public API.</summary>
    private static readonly string[] Exempt = ["captured", "PublicAPI"];

    private static readonly string Root = Path.GetFullPath(Repository.PathOf(""));

    /// <summary>What to write instead of each banned word or phrase.</summary>
    private static readonly Dictionary<string, string> Replacements = Documents.TableOf("CONTRIBUTING.md", "| write | not |")
        .SelectMany(row => row[1].Split("`, `").Select(banned => (banned, row[0])))
        .ToDictionary(entry => entry.banned, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly Regex Banned = new(
        $"(?<![A-Za-z])(?:{string.Join('|', Replacements.Keys.Select(Pattern))})(?![A-Za-z])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Compiled,
        TimeSpan.FromSeconds(10));

    public static TheoryData<string> BannedWords => [.. Replacements.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void No_text_uses_a_banned_word()
    {
        var found = TextFiles().SelectMany(file => Lines(file).SelectMany(line => BannedIn(line.Text)
            .Select(word => $"{file}:{line.Number}: \"{word}\"; write: {Replacements[word]}")));

        AssertNone(found);
    }

    [Fact]
    public void No_line_of_code_is_longer_than_the_limit()
    {
        var found = TextFiles().Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(file => Lines(file)
            .Where(line => line.Text.Length > MaxColumns).Select(line => $"{file}:{line.Number}: {line.Text.Length} columns"));

        AssertNone(found);
    }

    [Fact]
    public void No_summary_is_longer_than_the_limit()
    {
        var found = from file in TextFiles()
                    where file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
                    from Match summary in Summary().Matches(File.ReadAllText(Path.Combine(Root, file)))
                    let text = DocumentationLine().Replace(summary.Groups[1].Value, " ").Trim()
                    where text.Length > MaxSummary
                    select $"{file}: {text.Length} characters: {text}";

        AssertNone(found);
    }

    [Theory]
    [MemberData(nameof(BannedWords))]
    public void Banned_word_is_found_in_prose_and_in_names(string banned)
    {
        Assert.Equal(banned, Assert.Single(BannedIn($"It {banned} then.")));
        Assert.Equal(banned, Assert.Single(BannedIn(banned.ToUpperInvariant())), ignoreCase: true);
        if (banned.All(letter => letter is ' ' or (>= 'a' and <= 'z')))
        {
            var words = banned.Split(' ');
            Assert.Equal(banned, Assert.Single(BannedIn($"A_{string.Join('_', words)}_ends")), ignoreCase: true);
            Assert.Equal(banned, Assert.Single(BannedIn($"Poll{string.Concat(words.Select(Capitalized))}Tests")), ignoreCase: true);
            Assert.Empty(BannedIn($"x{banned}x"));
        }
    }

    [Fact]
    public void Files_of_every_kind_are_read()
    {
        var files = TextFiles().ToList();

        Assert.Contains("README.md", files);
        Assert.Contains("src/Sora2.Sdk/Sora2Client.cs", files);
        Assert.Contains("src/Sora2.Sdk/ConfigurationSchema.json", files);
        Assert.Contains("tests/Sora2.Sdk.Tests/Sora2.Sdk.Tests.csproj", files);
        Assert.Contains("src/Sora2.Sdk/linqpad-samples/1 First video.linq", files);
        Assert.DoesNotContain(files, file => file.Contains("/obj/", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Contains("captured/", StringComparison.Ordinal));
    }

    private static void AssertNone(IEnumerable<string> found)
    {
        var lines = found.ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    private static IEnumerable<string> BannedIn(string line) =>
        Banned.Matches(WordEnd().Replace(line, " ")).Select(match => Spaces().Replace(match.Value, " "));

    /// <summary>The lines of a file with their numbers, except the glossary's own.</summary>
    private static IEnumerable<(int Number, string Text)> Lines(string file)
    {
        var lines = File.ReadLines(Path.Combine(Root, file)).Select((text, index) => (Number: index + 1, Text: text));
        if (file != "CONTRIBUTING.md")
        {
            return lines;
        }

        var isGlossary = false;
        return lines.Where(line =>
        {
            isGlossary = line.Text.StartsWith("## ", StringComparison.Ordinal) ? line.Text == "## Glossary" : isGlossary;
            return !isGlossary;
        });
    }

    /// <summary>The text files of the repository, as paths from its root with forward slashes.</summary>
    private static IEnumerable<string> TextFiles() => FilesIn(Root)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesIn(string folder) => Directory.GetFiles(folder).Where(IsText).Concat(
        Directory.GetDirectories(folder)
            .Where(inner => !Generated.Concat(Exempt).Contains(Path.GetFileName(inner), StringComparer.Ordinal))
            .SelectMany(FilesIn));

    private static bool IsText(string path) => Scripts.Contains(Path.GetFileName(path), StringComparer.Ordinal)
        || Extensions.Contains(Path.GetExtension(path), StringComparer.Ordinal);

    private static string Pattern(string banned) => string.Join(@"[\s_]+", banned.Split(' ').Select(Regex.Escape));

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordEnd();

    [GeneratedRegex("<summary>(.*?)</summary>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Summary();

    [GeneratedRegex(@"\s*///\s*", RegexOptions.CultureInvariant)]
    private static partial Regex DocumentationLine();

    [GeneratedRegex(@"[\s_]+")]
    private static partial Regex Spaces();
}
