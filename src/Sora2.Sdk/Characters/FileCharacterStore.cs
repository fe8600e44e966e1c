using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Keeps characters in a JSON file that people can read and edit.</summary>
/// <remarks>
/// <para>
/// Any number of programs can share one file. A lock file beside it (<c>characters.json.lock</c>, which is not deleted) admits one
/// program at a time, every change starts from what is on the disk, and the new file replaces the old one once it is completely written.
/// </para>
/// <para>
/// A damaged file is never overwritten. It is renamed to <c>characters.json.damaged</c>, and every call throws a
/// <see cref="StorageException"/> until it is repaired and renamed back, or moved elsewhere.
/// </para>
/// </remarks>
public sealed class FileCharacterStore : ICharacterStore
{
    private const int MaxLength = 256 * 1024 * 1024;
    private static readonly JsonDocumentOptions LenientJson = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };


    /// <summary>Creates a store. Nothing is read or written yet.</summary>
    /// <param name="path">The file; it and its folder are created when the first character is added.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="Sora2ValidationException">The path contains a NUL character.</exception>
    public FileCharacterStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = AtomicFile.FullPath(path);
    }

    /// <summary>The file, as a full path.</summary>
    public string Path { get; }

    /// <summary>
    /// The file that is written: the target of a link, so that the link remains and every path to the file has the same lock.
    /// </summary>
    private string FinalPath => new FileInfo(Path) is { LinkTarget: not null } link
        ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
        : Path;

    private string LockPath => FinalPath + ".lock";

    /// <summary>How long to wait while another program has locked the file.</summary>
    /// <value>10 s by default; a program normally needs the lock for milliseconds.</value>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for <see cref="LockTimeout"/>.</summary>
    /// <value>The system clock by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Returns one line with the path.</summary>
    public override string ToString() => $"FileCharacterStore ({LogSanitizer.Path(Path)})";

    /// <inheritdoc />
    /// <exception cref="StorageException">The file is damaged, cannot be read, or is locked by another program.</exception>
    public async Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        CharacterList.Find(await LoadAsync(cancellationToken).ConfigureAwait(false), name);

    /// <inheritdoc />
    /// <exception cref="StorageException">The file is damaged, cannot be read, or is locked by another program.</exception>
    public async IAsyncEnumerable<LibraryCharacter> SearchAsync(
        CharacterQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);

        // The lock is released before the first character is returned, so that a slow caller stops no other program.
        foreach (var character in CharacterList.Search(await LoadAsync(cancellationToken).ConfigureAwait(false), query))
        {
            yield return character;
        }
    }

    /// <inheritdoc />
    /// <exception cref="StorageException">
    /// The file is damaged, cannot be read or written, or is locked by another program.
    /// </exception>
    public async Task<LibraryCharacter?> UpsertAsync(
        string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(change);
        LibraryCharacter? stored = null;
        await ChangeAsync(
            before =>
            {
                (var after, stored) = CharacterList.Upsert(before, username, change);
                return after;
            },
            cancellationToken).ConfigureAwait(false);
        return stored;
    }

    /// <inheritdoc />
    /// <exception cref="StorageException">
    /// The file is damaged, cannot be read or written, or is locked by another program.
    /// </exception>
    public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(username);
        return ChangeAsync(before => CharacterList.Remove(before, username), cancellationToken);
    }

    private async Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken)
    {
        using var fileLock = Directory.Exists(System.IO.Path.GetDirectoryName(Path))
            ? await LockAsync(isForReading: true, cancellationToken).ConfigureAwait(false)
            : null;
        return Read();
    }

    /// <summary>Reads, changes and writes the characters while the file is locked. Returns whether anything changed.</summary>
    private async Task<bool> ChangeAsync(
        Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken)
    {
        using var fileLock = await LockAsync(isForReading: false, cancellationToken).ConfigureAwait(false);
        var before = Read();
        var after = change(before);
        if (after == before)
        {
            return false;
        }

        Write(after);
        return true;
    }

    private async Task<SafeFileHandle?> LockAsync(bool isForReading, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            return await FileLock.AcquireAsync(LockPath, LockTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (isForReading
            && e is UnauthorizedAccessException or IOException { HResult: AtomicFile.ReadOnlyFileSystem })
        {
            return null; // Where no lock file can be written, the library cannot be written either.
        }
        catch (IOException e) when (FileLock.IsTaken(e))
        {
            throw new StorageException(
                $"Another program has locked the character library {Path} with {LockPath} for {DurationFormat.Seconds(LockTimeout)} s. "
                + "Try again when it has finished.",
                e)
            {
                Path = Path,
                MayHaveBeenCharged = false,
                IsTransient = true,
            };
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
            return DamagedPaths().TakeWhile(File.Exists).LastOrDefault() is { } damaged ? throw Damaged(damaged, e) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("read", e);
        }

        try
        {
            using var document = JsonDocument.Parse(AtomicFile.Utf8(bytes), LenientJson);
            if (document.RootElement.GetProperty("version").GetInt32() > CharacterFile.CurrentVersion)
            {
                throw new StorageException(
                    $"The character library {Path} was written by a newer version of the SDK. Use that version, or another file.")
                {
                    Path = Path,
                    MayHaveBeenCharged = false,
                };
            }

            var characters = document.RootElement.Deserialize(CharacterFileJson.TypeInfo)?.Characters;
            return characters?.All(character => !string.IsNullOrWhiteSpace(character?.Username)) == true
                ? characters
                : throw new JsonException("The characters, or a character's username, are missing.");
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
            var file = new CharacterFile(CharacterFile.CurrentVersion, characters);
            AtomicFile.Replace(FinalPath, JsonSerializer.SerializeToUtf8Bytes(file, CharacterFileJson.TypeInfo));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("written", e);
        }
    }

    private StorageException SetAside(Exception cause)
    {
        var damaged = DamagedPaths().First(path => !File.Exists(path));
        try
        {
            File.Move(Path, damaged);
            return Damaged(damaged, cause);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StorageException(
                $"The character library {Path} is damaged ({cause.Message}) and could not be renamed: "
                + $"{MessageText.EnsurePeriod(e.Message)} Repair it or move it away.",
                cause)
            {
                Path = Path,
                MayHaveBeenCharged = false,
            };
        }
    }

    private StorageException Damaged(string damaged, Exception cause) => new(
        $"The character library {Path} was damaged and is now {damaged}"
        + (cause is FileNotFoundException ? ". " : $": {MessageText.EnsurePeriod(cause.Message)} ")
        + "Repair it and rename it back, or move it elsewhere to start with an empty library; until then no mention is resolved.",
        cause)
    {
        Path = Path,
        MayHaveBeenCharged = false,
        SetAsidePath = damaged,
    };

    private StorageException Failed(string verb, Exception cause) =>
        new($"The character library {Path} could not be {verb}: {cause.Message}", cause) { Path = Path, MayHaveBeenCharged = false };

    private IEnumerable<string> DamagedPaths()
    {
        yield return Path + ".damaged";
        for (var i = 2; ; i++)
        {
            yield return $"{Path}.damaged-{i}";
        }
    }
}
