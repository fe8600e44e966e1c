using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>
/// Keeps characters in a JSON file that people can read and edit. Any number of programs may use one file: a lock beside it (<c>characters.json.lock</c>, which stays) lets one at a time, every change
/// starts from what is on the disk, and the file is replaced whole once the new one is on the disk. A damaged file is never overwritten: it is renamed to <c>characters.json.damaged</c> and
/// <see cref="CharacterStoreException"/> says so until somebody has looked after it.
/// </summary>
public sealed class FileCharacterStore : ICharacterStore
{
    private const int MaxLength = 256 * 1024 * 1024;
    private static readonly JsonDocumentOptions AsPeopleWrite = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>A store in a file. Nothing is read or written yet.</summary>
    /// <param name="path">The file; it and its folder are made when the first character is added.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="Sora2ValidationException">The path holds a NUL.</exception>
    public FileCharacterStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = AtomicFile.FullPath(path);
    }

    /// <summary>The file, as a full path.</summary>
    public string Path { get; }

    /// <summary>The file that is written: what a link leads to, so that it stays a link and whoever comes by another name takes the same lock.</summary>
    private string FinalPath => new FileInfo(Path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path;

    private string LockPath => FinalPath + ".lock";

    /// <summary>How long to wait while another program has the file. 10 s by default; each needs it for milliseconds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for that wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The file.</summary>
    public override string ToString() => $"FileCharacterStore ({LogSanitizer.Path(Path)})";

    /// <inheritdoc />
    /// <exception cref="CharacterStoreException">The file is damaged, cannot be read, or another program keeps it.</exception>
    public async Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default)
    {
        using var held = Directory.Exists(System.IO.Path.GetDirectoryName(Path)) ? await LockAsync(isForReading: true, cancellationToken).ConfigureAwait(false) : null;
        return Read();
    }

    /// <inheritdoc />
    /// <exception cref="CharacterStoreException">The file is damaged, cannot be read or written, or another program keeps it.</exception>
    public async Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        using var held = await LockAsync(isForReading: false, cancellationToken).ConfigureAwait(false);
        var before = Read();
        var after = change(before);
        if (!after.SequenceEqual(before))
        {
            Write(after);
        }

        return after;
    }

    private async Task<SafeFileHandle?> LockAsync(bool isForReading, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            return await FileLock.AcquireAsync(LockPath, LockTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (isForReading && e is UnauthorizedAccessException or IOException { HResult: AtomicFile.ReadOnlyFileSystem })
        {
            return null; // Where nothing can be written, nothing changes while it is read.
        }
        catch (IOException e) when (FileLock.IsTaken(e))
        {
            throw new CharacterStoreException($"Another program has kept the character library {Path} for {DurationFormat.Seconds(LockTimeout)} s, through the lock {LockPath}. Try again when it is done.", e) { Path = Path, IsTransient = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("locked", e);
        }
    }

    private IReadOnlyList<LibraryCharacter> Read()
    {
        byte[] bytes;
        try
        {
            bytes = AtomicFile.Read(Path, MaxLength);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return NamesForDamaged().TakeWhile(File.Exists).LastOrDefault() is { } aside ? throw Damaged(aside, e) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("read", e);
        }

        try
        {
            using var document = JsonDocument.Parse(AtomicFile.Utf8(bytes), AsPeopleWrite);
            if (document.RootElement.GetProperty("version").GetInt32() > CharacterFile.CurrentVersion)
            {
                throw new CharacterStoreException($"The character library {Path} was written by a newer version of the SDK. Use that version, or another file.") { Path = Path };
            }

            var characters = document.RootElement.Deserialize(SavedJsonContext.CharacterFile)?.Characters;
            return characters?.All(character => !string.IsNullOrWhiteSpace(character?.Username)) == true ? characters : throw new JsonException("The characters, or a character's username, are missing.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw SetAside(e);
        }
    }

    private void Write(IReadOnlyList<LibraryCharacter> characters)
    {
        try
        {
            AtomicFile.Replace(FinalPath, JsonSerializer.SerializeToUtf8Bytes(new CharacterFile(CharacterFile.CurrentVersion, characters), SavedJsonContext.CharacterFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("written", e);
        }
    }

    private CharacterStoreException SetAside(Exception why)
    {
        var aside = NamesForDamaged().First(name => !File.Exists(name));
        try
        {
            File.Move(Path, aside);
            return Damaged(aside, why);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CharacterStoreException($"The character library {Path} is damaged ({why.Message}), and it could not be set aside: {e.Message} Repair it or move it away.", why) { Path = Path };
        }
    }

    private CharacterStoreException Damaged(string aside, Exception why) => new(
        $"The character library {Path} was damaged and is now {aside}{(why is FileNotFoundException ? "" : $": {MessageText.EnsurePeriod(why.Message)}")} Repair it and give it its name back, or move it elsewhere to begin with an empty library; until then nothing is resolved or changed.", why)
    {
        Path = Path,
        SetAsidePath = aside,
    };

    private CharacterStoreException Failed(string what, Exception why) => new($"The character library {Path} could not be {what}: {why.Message}", why) { Path = Path };

    private IEnumerable<string> NamesForDamaged()
    {
        yield return Path + ".damaged";
        for (var i = 2; ; i++)
        {
            yield return $"{Path}.damaged-{i}";
        }
    }
}
