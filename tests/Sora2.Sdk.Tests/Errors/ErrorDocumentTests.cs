using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

public sealed class ErrorDocumentTests
{
    [Fact]
    public void Every_kind_of_error_has_its_row_in_order_and_tells_truly_whether_it_passes()
    {
        var rows = Documents.TableOf("docs/errors.md", "| kind |");

        Assert.Equal(Enum.GetNames<Sora2ErrorKind>(), rows.Select(row => row[0]));
        foreach (var row in rows)
        {
            var kind = Enum.Parse<Sora2ErrorKind>(row[0]);
            Assert.All(row, cell => Assert.NotEmpty(cell));
            Assert.Equal(ErrorClassifier.IsTransient(kind) || kind == Sora2ErrorKind.Download, row[3] == "yes");
        }
    }
}
