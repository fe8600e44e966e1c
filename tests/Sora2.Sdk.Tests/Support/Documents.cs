namespace Sora2.Sdk.Tests.Support;

/// <summary>The documentation, for tests that keep it true.</summary>
internal static class Documents
{
    /// <summary>The rows of the table whose header begins so; cells without their code marks.</summary>
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
