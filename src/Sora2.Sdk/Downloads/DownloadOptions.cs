using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How to download a video.</summary>
public sealed record DownloadOptions
{
    /// <summary>Whether a file that is there already is replaced once the new one is complete. True by default.</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary>How long the media host may stay silent before the connection is given up; 60 s by default. The download as a whole may take as long as it needs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How large the video may be.</summary>
    /// <value>Bytes, at least 1; 4 GiB by default. Null for whatever the host sends.</value>
    /// <remarks>
    /// A video that is announced larger is refused before its first byte, one that turns out larger when it gets there; what came of it is
    /// removed. Neither is tried again, as the next call would fail in the same way. Counted as written, after any decompression.
    /// </remarks>
    public long? MaxBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Whether a video in another container than MP4 is taken, such as WebM or AVI.</summary>
    /// <value>False by default: then the download fails, and its message names the container.</value>
    /// <remarks>
    /// The file gets the container's own extension in place of <c>.mp4</c>: see <see cref="DownloadedVideo.Path"/>. Whether such a video is
    /// whole is known from its announced length, or by asking its host once more. QuickTime files are built like MP4 and need no option;
    /// playlists and still images are never taken.
    /// </remarks>
    public bool AllowOtherContainers { get; init; }

    /// <summary>Whether <see cref="DownloadedVideo.Sha256"/> is computed. False by default: it costs some processor time.</summary>
    public bool ComputeSha256 { get; init; }

    /// <summary>
    /// The file's name where a directory is given: any text with <c>{id}</c>, without which two tasks would get one name, and if you like <c>{platform}</c>,
    /// <c>{model}</c> and <c>{date}</c> (the day the task was created, UTC). <c>{id}.mp4</c> by default; <c>.mp4</c> is added if it is missing. What the
    /// platform said is made safe: the name never leads out of the directory, and no two tasks of a platform share one.
    /// </summary>
    public string FileNameTemplate { get; init; } = "{id}.mp4";

    /// <summary>One readable line of what differs from the defaults.</summary>
    public override string ToString() => LogSanitizer.Joined(
        $"named {LogSanitizer.SingleLine(FileNameTemplate)}",
        Overwrite ? null : "never replace a file",
        ComputeSha256 ? "with SHA-256" : null,
        MaxBytes is { } most ? $"{LogSanitizer.Size(most)} at most" : "of any size",
        AllowOtherContainers ? "in any container" : null,
        $"idle for {LogSanitizer.Length(IdleTimeout)} at most");
}
