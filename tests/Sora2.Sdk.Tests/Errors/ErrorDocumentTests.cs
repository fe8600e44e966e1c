using System.Reflection;

namespace Sora2.Sdk.Tests.Errors;

public sealed class ErrorDocumentTests
{
    [Fact]
    public void Every_kind_of_error_has_its_row_in_order_and_tells_truly_whether_it_passes()
    {
        var project = typeof(ErrorDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ProjectDirectory").Value!;
        var rows = File.ReadAllLines(Path.Combine(project, "..", "..", "docs", "errors.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();

        Assert.Equal(Enum.GetNames<Sora2ErrorKind>(), rows.Select(row => row[1].Trim('`')));
        foreach (var row in rows)
        {
            var kind = Enum.Parse<Sora2ErrorKind>(row[1].Trim('`'));
            Assert.All(row[1..6], cell => Assert.NotEmpty(cell));
            Assert.Equal(ErrorClassifier.IsTransient(kind) || kind == Sora2ErrorKind.Download, row[4] == "yes");
        }
    }
}
