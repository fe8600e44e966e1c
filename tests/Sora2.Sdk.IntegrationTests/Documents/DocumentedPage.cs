using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LINQPad;
using Microsoft.AspNetCore.Builder;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OpenTelemetry.Trace;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Documents;

/// <summary>The C# of a page, compiled from top to bottom: a block may use and redeclare names of earlier blocks.</summary>
internal static partial class DocumentedPage
{
    /// <summary>The implicit usings of a web project; a page adds <c>using Sora2.Sdk</c>.</summary>
    private const string Imported = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Logging;

        """;

    private static readonly CSharpParseOptions Newest = new(LanguageVersion.Latest);

    private static readonly Type[] Referenced =
        [typeof(Sora2Client), typeof(Sora2Simulator), typeof(WebApplication), typeof(TracerProviderBuilder), typeof(DumpContainer)];

    public static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Concat(Referenced.Select(type => type.Assembly.Location))
            .Distinct(StringComparer.Ordinal)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Returns the blocks of C#, each with the line at which it starts.</summary>
    public static IReadOnlyList<(int Line, string Code)> BlocksOf(string page)
    {
        page = page.ReplaceLineEndings("\n");
        return [.. Block().Matches(page).Select(block => (page.AsSpan(0, block.Groups[1].Index).Count('\n') + 1, block.Groups[1].Value))];
    }

    /// <summary>Returns the compiler errors in the page's code, with the lines of the page.</summary>
    /// <param name="page">The page's text.</param>
    /// <param name="imported">Additional implicit usings.</param>
    public static IReadOnlyList<string> ErrorsOf(string page, string imported = "")
    {
        var imports = new StringBuilder(Imported).AppendLine(imported);
        var code = new StringBuilder();
        var blocks = BlocksOf(page).Where(block => !IsCell(block.Code)).ToList();
        foreach (var (line, text) in blocks)
        {
            var lines = text.Split('\n');
            foreach (var import in lines.Where(written => Import().IsMatch(written)))
            {
                imports.Append("global ").AppendLine(import);
            }

            // A local function may use the names of the enclosing code and may redeclare them.
            code.AppendLine("async Task Block()").AppendLine("{").AppendLine("await Task.CompletedTask;")
                .AppendLine(CultureInfo.InvariantCulture, $"#line {line}")
                .AppendJoin('\n', lines.Select(written => IsCode(written) ? written : ""))
                .AppendLine("#line hidden");
        }

        code.Insert(0, "await Task.CompletedTask;\n").AppendLine(string.Concat(Enumerable.Repeat("}\nawait Block();\n", blocks.Count)));
        return Errors(CSharpCompilation.Create(
            "Page",
            [CSharpSyntaxTree.ParseText(imports.ToString(), Newest), CSharpSyntaxTree.ParseText(code.ToString(), Newest)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)));

        static bool IsCode(string line) => !Import().IsMatch(line) && !line.StartsWith("#:", StringComparison.Ordinal);
    }

    /// <summary>Returns the script compiler's errors in notebook cells, which do not allow <c>using var</c>, for example.</summary>
    public static IReadOnlyList<string> ErrorsOfCells(string page) =>
    [
        .. BlocksOf(page).Where(block => IsCell(block.Code)).SelectMany(cell => Errors(CSharpCompilation.CreateScriptCompilation(
            "Cell",
            CSharpSyntaxTree.ParseText(
                cell.Code[cell.Code.IndexOf('\n', StringComparison.Ordinal)..], Newest.WithKind(SourceCodeKind.Script)),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)))),
    ];

    /// <summary>Compiles a block that needs no other block to a program.</summary>
    /// <param name="code">The block.</param>
    /// <param name="helpers">Source to compile with it.</param>
    /// <returns>The bytes of the assembly.</returns>
    public static byte[] CompileProgram(string code, string helpers)
    {
        var program = string.Join('\n', code.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal)));
        var compilation = CSharpCompilation.Create(
            "Program",
            new[] { Imported, helpers, program }.Select(text => CSharpSyntaxTree.ParseText(text, Newest)),
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return assembly.ToArray();
    }

    /// <summary>Whether a block is a notebook cell; a notebook resolves its references itself.</summary>
    public static bool IsCell(string code) => code.StartsWith("#r ", StringComparison.Ordinal);

    private static IReadOnlyList<string> Errors(CSharpCompilation compilation) =>
    [
        .. compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => string.Create(
                CultureInfo.InvariantCulture,
                $"line {LineOf(found)}: {found.Id} {found.GetMessage(CultureInfo.InvariantCulture)}")),
    ];

    private static int LineOf(Diagnostic found) => found.Location.GetMappedLineSpan().StartLinePosition.Line + 1;

    [GeneratedRegex(@"^using [A-Z][\w.]*;")]
    private static partial Regex Import();

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
