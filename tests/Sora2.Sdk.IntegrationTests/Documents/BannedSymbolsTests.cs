using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sora2.Sdk.IntegrationTests.Documents;

public sealed class BannedSymbolsTests
{
    /// <summary>The analyzer ignores an entry that names no symbol, so a misspelled one would ban nothing.</summary>
    [Fact]
    public void Banned_symbols_exist()
    {
        var compilation = CSharpCompilation.Create("Banned", references: DocumentedPage.References);
        var ids = File.ReadLines(Repository.PathOf("src/BannedSymbols.txt")).Select(line => line.Split(';')[0]).ToList();

        Assert.Null(DocumentationCommentId.GetFirstSymbolForDeclarationId("P:System.DateTime.Yesterday", compilation));
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.NotNull(DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation)));
    }
}
