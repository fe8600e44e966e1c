using Sora2.Sdk.Errors;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

public sealed class ErrorDocumentTests
{
    [Fact]
    public void Every_kind_has_its_row_with_the_right_transience()
    {
        var rows = Documents.TableOf("docs/errors.md", "| kind |");

        Assert.Equal(Enum.GetNames<Sora2ErrorKind>(), rows.Select(row => row[0]));
        foreach (var row in rows)
        {
            var kind = Enum.Parse<Sora2ErrorKind>(row[0]);
            Assert.All(row, cell => Assert.NotEmpty(cell));
            Assert.Equal(ErrorKindDefaults.IsTransient(kind), row[3] == "yes");
        }
    }

    [Fact]
    public void Exception_of_a_kind_has_the_values_of_its_row()
    {
        foreach (var row in Documents.TableOf("docs/errors.md", "| kind |"))
        {
            var kind = Enum.Parse<Sora2ErrorKind>(row[0]);
            bool? charged = row[4].Split(',', ';', ':')[0] switch
            {
                "yes" => true,
                "no" => false,
                "unknown" => null,
                var other => throw new InvalidOperationException($"{kind}: \"{other}\""),
            };

            Sora2Exception[] errors =
            [
                new Sora2ApiException(kind, "x"),
                new Sora2Exception(kind, "x"),
                .. kind == Sora2ErrorKind.Download ? [new DownloadException("x")] : Array.Empty<Sora2Exception>(),
                .. kind == Sora2ErrorKind.Storage ? [new StorageException("x")] : Array.Empty<Sora2Exception>(),
            ];
            Assert.All(
                errors, error => Assert.Equal((kind, charged, row[3] == "yes"), (kind, error.MayHaveBeenCharged, error.IsTransient)));
        }
    }

    [Fact]
    public void Explicit_values_win_over_those_of_the_kind()
    {
        var error = new Sora2ApiException(Sora2ErrorKind.Saturated, "x") { IsTransient = false, MayHaveBeenCharged = true };

        Assert.Equal((false, (bool?)true), (error.IsTransient, error.MayHaveBeenCharged));
    }
}
