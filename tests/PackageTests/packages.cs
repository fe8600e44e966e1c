#:property PublishAot=false

// dotnet run tests/PackageTests/packages.cs -- <version> <folder> <other folder> [--accept]
//
// Checks packed packages: the contents are those in tests/PackageTests/expected, a package page can show them, the symbols match,
// and packing the same commit in another folder gives the same bytes.

using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

var (version, folder, otherFolder, accept) = (args[0], args[1], args[2], args.Contains("--accept"));
var here = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var problems = new List<string>();
var sourceLink = new Guid("CC110556-A091-4D38-9FEC-25AB9A351A6A"); // the kind of record, by the format of portable symbols

foreach (var path in Directory.GetFiles(folder, "*.nupkg").Order(StringComparer.Ordinal))
{
    var id = Path.GetFileName(path)[..^$".{version}.nupkg".Length];
    var symbolsPath = Path.ChangeExtension(path, ".snupkg");
    using var package = ZipFile.OpenRead(path);
    using var symbols = File.Exists(symbolsPath) ? ZipFile.OpenRead(symbolsPath) : null;

    CheckContents(id, package, symbols);
    CheckPage(id, package);
    CheckSymbols(id, package, symbols ?? package);
    CheckSame(path);
    if (symbols is not null)
    {
        CheckSame(symbolsPath);
    }

    Console.WriteLine($"{Path.GetFileName(path)}: {package.Entries.Count} entries, {new FileInfo(path).Length / 1024} KB");
}

problems.ForEach(Console.Error.WriteLine);
return problems.Count == 0 ? 0 : 1;

// The entries and the nuspec, with what changes from pack to pack left out, are those in git.
void CheckContents(string id, ZipArchive package, ZipArchive? symbols)
{
    string[] lines =
    [
        .. Entries(package).Select(entry => "nupkg  " + entry),
        .. symbols is null ? [] : Entries(symbols).Select(entry => "snupkg " + entry),
        "",
        .. Nuspec(package).ToString().Split('\n')
            .Select(line => line.TrimEnd('\r').Replace(version, "{version}", StringComparison.Ordinal)),
    ];
    var expectedPath = Path.Combine(here, "expected", id + ".txt");
    var expected = File.Exists(expectedPath) ? File.ReadAllLines(expectedPath) : [];
    var receivedPath = Path.ChangeExtension(expectedPath, ".received.txt");
    File.Delete(receivedPath);
    if (accept)
    {
        File.WriteAllText(expectedPath, string.Join('\n', lines) + "\n");
    }
    else if (!lines.SequenceEqual(expected))
    {
        File.WriteAllText(receivedPath, string.Join('\n', lines) + "\n");
        problems.Add(
            $"{id} differs from {expectedPath}; see {Path.GetFileName(receivedPath)} beside it. "
            + "If the change is intended, run eng/consumer-packages.sh --accept.");
        problems.AddRange(expected.Except(lines).Select(line => "- " + line).Concat(lines.Except(expected).Select(line => "+ " + line)));
    }

    static IEnumerable<string> Entries(ZipArchive archive) => archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal);
}

XElement Nuspec(ZipArchive package)
{
    var nuspec = XElement.Parse(Text(package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))));
    Metadata(nuspec, "releaseNotes").Value = "{from CHANGELOG.md}";
    var repository = Metadata(nuspec, "repository");
    repository.Attribute("commit")!.Value = "{commit}";
    repository.Attributes().Where(attribute => attribute.Name.LocalName is "branch" or "url").Remove(); // a clone's own
    return nuspec;
}

// What the page of the package shows: notes from the changelog, and texts whose links work there.
void CheckPage(string id, ZipArchive package)
{
    var nuspec = XElement.Parse(Text(package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))));
    var notes = Metadata(nuspec, "releaseNotes").Value;
    var own = Path.Combine(here, "..", "..", "src", id, "CHANGELOG.md");
    var changelog = File.ReadAllText(File.Exists(own) ? own : Path.Combine(here, "..", "..", "CHANGELOG.md"));
    var heading = changelog[..Math.Max(0, changelog.IndexOf(notes, StringComparison.Ordinal))].TrimEnd().Split('\n')[^1];
    var isHeading = heading.StartsWith("## [Unreleased]", StringComparison.Ordinal)
        || heading.StartsWith($"## [{version.Split('-')[0]}]", StringComparison.Ordinal);
    if (notes.Length == 0 || !isHeading)
    {
        problems.Add($"{id}: the release notes are not those of its CHANGELOG.md on {version}, and not what is unreleased.");
    }

    var readme = Regex.Replace(Text(package.GetEntry("README.md")!), "```.*?```", "", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    foreach (Match link in Regex.Matches(readme, @"\]\((?!https://)[^)]*\)", RegexOptions.None, TimeSpan.FromSeconds(1)))
    {
        problems.Add($"{id}: the link {link.Value} of its README leads nowhere on a package page.");
    }

    var icon = Bytes(package.GetEntry(Metadata(nuspec, "icon").Value)!);
    if (BinaryPrimitives.ReadUInt32BigEndian(icon.AsSpan(16)) != 128 || BinaryPrimitives.ReadUInt32BigEndian(icon.AsSpan(20)) != 128)
    {
        problems.Add($"{id}: the icon is not 128 by 128.");
    }
}

// Each of our assemblies has the symbols of its own build; they contain no path of the build machine, and link to the sources. The tool's
// package also contains System.CommandLine, whose symbols are its publisher's.
void CheckSymbols(string id, ZipArchive package, ZipArchive symbols)
{
    var assemblies = package.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal));
    foreach (var assembly in assemblies.Where(entry => entry.Name.StartsWith("sora2", StringComparison.OrdinalIgnoreCase)))
    {
        if (symbols.GetEntry(Path.ChangeExtension(assembly.FullName, ".pdb")) is not { } entry)
        {
            problems.Add($"{id}: {assembly.FullName} has no symbols.");
            continue;
        }

        using var image = new PEReader(new MemoryStream(Bytes(assembly)));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(entry)));
        var reader = provider.GetMetadataReader();
        var wanted = image.ReadCodeViewDebugDirectoryData(
            image.ReadDebugDirectory().Single(data => data.Type == DebugDirectoryEntryType.CodeView));
        if (new BlobContentId(reader.DebugMetadataHeader!.Id).Guid != wanted.Guid)
        {
            problems.Add($"{id}: {entry.FullName} is not from the same build as its assembly.");
        }

        var foreign = reader.Documents
            .Select(document => reader.GetString(reader.GetDocument(document).Name))
            .FirstOrDefault(name => !name.StartsWith("/_", StringComparison.Ordinal));
        if (foreign is not null || !wanted.Path.StartsWith("/_", StringComparison.Ordinal))
        {
            problems.Add($"{id}: {entry.FullName} names {foreign ?? wanted.Path}.");
        }

        var links = reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition)
            .Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == sourceLink);
        var texts = links.Select(link => Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value)));
        if (!texts.Any(text => text.StartsWith("{\"documents\":{\"/_/*\":\"https://", StringComparison.Ordinal)))
        {
            problems.Add(
                $"{id}: {entry.FullName} has no link to its sources. SourceLink takes it from the remote origin, "
                + "which eng/consumer-packages.sh sets in the copies that it packs.");
        }
    }
}

void CheckSame(string path)
{
    var other = Path.Combine(otherFolder, Path.GetFileName(path));
    if (File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(other)))
    {
        return;
    }

    using var one = ZipFile.OpenRead(path);
    using var two = ZipFile.OpenRead(other);
    var differing = one.Entries
        .Where(entry => two.GetEntry(entry.FullName) is not { } twin || !Bytes(entry).AsSpan().SequenceEqual(Bytes(twin)))
        .Select(entry => entry.FullName)
        .DefaultIfEmpty("the zip's own fields");
    problems.Add($"{Path.GetFileName(path)} packed in another folder differs in {string.Join(", ", differing)}.");
}

static XElement Metadata(XElement nuspec, string name) => nuspec.Descendants().Single(element => element.Name.LocalName == name);

static string Text(ZipArchiveEntry entry)
{
    using var reader = new StreamReader(entry.Open());
    return reader.ReadToEnd();
}

static byte[] Bytes(ZipArchiveEntry entry)
{
    using var memory = new MemoryStream();
    using var stream = entry.Open();
    stream.CopyTo(memory);
    return memory.ToArray();
}
