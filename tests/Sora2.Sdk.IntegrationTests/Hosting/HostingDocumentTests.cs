using System.Globalization;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>docs/hosting.md agrees with the code.</summary>
public sealed partial class HostingDocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs/hosting.md"));

    [Fact]
    public void Every_example_is_in_a_file_that_compiles()
    {
        var compiled = Lines(File.ReadAllText(Path.Combine(Repository.Project, "Hosting/HostingExamples.cs")));
        var examples = Blocks().Matches(Document).Select(block => Lines(block.Groups[1].Value)).ToList();

        Assert.Equal(15, examples.Count);
        Assert.All(examples, example => Assert.Contains(example, compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void Table_of_settings_is_complete_with_their_defaults()
    {
        string[] inCodeOnly =
        [
            nameof(Sora2ClientOptions.TimeProvider),
            nameof(Sora2ClientOptions.TaskStore),
            nameof(Sora2ClientOptions.CharacterLibrary),
            nameof(Sora2ClientOptions.LoggerFactory),
        ];
        var options = new Sora2ClientOptions();
        var expected = typeof(Sora2ClientOptions)
            .GetProperties()
            .Where(property => !inCodeOnly.Contains(property.Name))
            .Select(property => (property.Name, Format(property.GetValue(options))));

        var table = Rows()
            .Matches(Document[..Document.IndexOf("## Retries,", StringComparison.Ordinal)])
            .Select(row => (row.Groups[1].Value, row.Groups[2].Value));

        Assert.Equal(expected.OrderBy(row => row.Name, StringComparer.Ordinal), table.OrderBy(row => row.Item1, StringComparer.Ordinal));

        static string Format(object? value) => value switch
        {
            bool on => on ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            string text => text,
            _ => "",
        };
    }

    [Fact]
    public void Table_of_resilience_settings_is_complete()
    {
        var section = Document[Document.IndexOf("## Retries,", StringComparison.Ordinal)..];
        var named = Names().Matches(
            string.Join(
                '\n',
                section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')[1])));

        Assert.Equal(
            typeof(HttpResilienceOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal),
            named.Select(name => name.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Names();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\| `([A-Z]\w+)` \| (?:`([^`]+)`|[^`|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
