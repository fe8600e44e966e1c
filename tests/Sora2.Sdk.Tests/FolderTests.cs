using System.Text.RegularExpressions;

namespace Sora2.Sdk.Tests;

/// <summary>Checks that the SDK's folders depend on each other in one direction, and that namespaces follow them.</summary>
/// <remarks>Internal types are in the namespace of their folder, so that a using shows who depends on whom.</remarks>
public sealed partial class FolderTests
{
    private const string Root = "";

    /// <summary>The folders; the internal types of each are used only by the ones after it. Public types may be used by all.</summary>
    private static readonly string[] Order =
    [
        "Common", "Errors", "Images", "Platforms", "Tasks", "Diagnostics", "Transport", "Submissions", "Polling",
        "Downloads", "Storyboards", "Characters", "Accounts", "Batches", "Videos", "Routing", "DependencyInjection", Root, "Display",
    ];

    private static readonly List<SourceFile> Files =
    [
        .. Repository.SourcesOf("src/Sora2.Sdk")
            .Select(path => new SourceFile(path, File.ReadAllText(Repository.PathOf($"src/Sora2.Sdk/{path}")))),
    ];

    [Fact]
    public void Every_folder_has_a_place_in_the_order() =>
        Assert.Equal(Order.Order(StringComparer.Ordinal), Files.Select(file => file.Folder).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Internal_types_are_used_only_by_folders_after_theirs() => Assert.Empty(
        from file in Files
        from used in file.UsedFolders
        where Array.IndexOf(Order, used) > Array.IndexOf(Order, file.Folder)
        select $"{file.Path} uses {used}/, which comes after {file.Folder}/");

    [Fact]
    public void Internal_types_of_the_root_are_used_by_no_folder_before_it()
    {
        var types = Files.Where(file => file.Folder == Root && !file.IsPublic).Select(file => Path.GetFileNameWithoutExtension(file.Path));
        var any = new Regex($@"\b({string.Join('|', types)})\b", RegexOptions.CultureInvariant);

        Assert.Empty(
            from file in Files
            where Array.IndexOf(Order, file.Folder) < Array.IndexOf(Order, Root)
            from Match use in any.Matches(file.Code)
            select $"{file.Path} uses {use.Value} of the root");
    }

    [Fact]
    public void Namespaces_follow_folders() => Assert.Empty(
        from file in Files
        let expected = file.IsPublic ? PublicNamespaces : [string.Join('.', file.Path.Split('/')[..^1].Prepend("Sora2.Sdk"))]
        where !expected.Contains(file.Namespace)
        select $"{file.Path} is in the namespace {file.Namespace}, not {string.Join(" or ", expected)}");

    private static string[] PublicNamespaces => ["Sora2.Sdk", "Sora2.Sdk.Platforms", "Microsoft.Extensions.DependencyInjection"];

    private sealed partial record SourceFile(string Path, string Text)
    {
        public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path.Split('/')[0] : Root;

        public string Namespace => NamespaceLine().Match(Text).Groups[1].Value;

        public bool IsPublic => PublicType().IsMatch(Text);

        public IEnumerable<string> UsedFolders => Using().Matches(Text).Select(match => match.Groups[1].Value);

        public string Code =>
            string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

        [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex(@"^public ", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
        private static partial Regex PublicType();

        // Sora2.Sdk.Platforms itself also has the public types for adapter authors.
        [GeneratedRegex(@"^using Sora2\.Sdk\.(?!Platforms;)(\w+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
        private static partial Regex Using();
    }
}
