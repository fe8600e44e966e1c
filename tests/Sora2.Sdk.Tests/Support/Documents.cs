namespace Sora2.Sdk.Tests.Support;

/// <summary>Reads the documentation, for tests that verify it.</summary>
internal static class Documents
{
    /// <summary>Returns the rows of the table whose header starts with a text; cells have no code marks.</summary>
    public static IReadOnlyList<string[]> TableOf(string path, string header)
    {
        var rows = File.ReadLines(Repository.PathOf(path))
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries).Select(cell => cell.Trim('`')).ToArray())
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }
}
