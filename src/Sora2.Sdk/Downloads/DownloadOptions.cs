using Sora2.Sdk.Common;
using Sora2.Sdk.Downloads;

namespace Sora2.Sdk;

/// <summary>Options of a download.</summary>
public sealed record DownloadOptions
{
    /// <summary>Whether an existing file is replaced once the new one is complete.</summary>
    /// <value>True by default.</value>
    public bool Overwrite { get; init; } = true;

    /// <summary>How long the media host may send nothing before the connection is closed and another one continues.</summary>
    /// <value>60 s by default; 1 ms to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>. The download as a whole has no limit.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest accepted size of the video.</summary>
    /// <value>Bytes, at least 1; 4 GiB by default. Null for any size.</value>
    /// <remarks>
    /// A video that is announced larger is refused before its first byte, one that turns out larger when it gets there; what was received
    /// of it is removed. Neither is retried, as the next call would fail in the same way. Counts the bytes written, after decompression.
    /// </remarks>
    public long? MaxBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Whether a video in another container than MP4 is accepted, such as WebM or AVI.</summary>
    /// <value>False by default: then the download fails, and its message names the container.</value>
    /// <remarks>
    /// The file gets the extension of its container in place of <c>.mp4</c>: see <see cref="DownloadedVideo.Path"/>. Whether such a video
    /// is complete is known from its announced length, or from a second request. QuickTime files are built like MP4 and need no option;
    /// playlists and still images are never accepted.
    /// </remarks>
    public bool AllowOtherContainers { get; init; }

    /// <summary>Whether <see cref="DownloadedVideo.Sha256"/> is computed.</summary>
    /// <value>False by default: it costs some processor time.</value>
    public bool ComputeSha256 { get; init; }

    /// <summary>The name of the file in a directory; see <see cref="VideoClientExtensions.DownloadToDirectoryAsync"/>.</summary>
    /// <value>
    /// <c>{id}.mp4</c> by default. Has to contain <c>{id}</c> or <c>{key}</c>, the <see cref="VideoTask.Key"/> or else the id, without
    /// which two tasks would get one name. May contain <c>{platform}</c>, <c>{model}</c> and <c>{date}</c> (the day the task was created,
    /// UTC). <c>.mp4</c> is added if it is missing.
    /// </value>
    /// <remarks>
    /// Values from the platform are made safe: the name never leads out of the directory, and no two tasks of a platform share one.
    /// </remarks>
    public string FileNameTemplate { get; init; } = "{id}.mp4";

    /// <summary>Throws when an option is out of range; to be called before money is spent.</summary>
    internal void Validate()
    {
        if (!SettingRange.Timeout.Contains(IdleTimeout))
        {
            throw new Sora2ValidationException(
                $"DownloadOptions.IdleTimeout is {IdleTimeout}; it has to be 1 ms to 24 days, or Timeout.InfiniteTimeSpan.");
        }

        if (MaxBytes <= 0)
        {
            throw new Sora2ValidationException($"DownloadOptions.MaxBytes is {MaxBytes}; it has to be at least 1, or null for any size.");
        }

        if (VideoFileName.Refusal(FileNameTemplate) is { } refusal)
        {
            throw new Sora2ValidationException(refusal);
        }
    }

    /// <summary>Returns one readable line with the name, the limits, and what differs from the defaults.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"named {LogSanitizer.SingleLine(FileNameTemplate)}",
        Overwrite ? null : "never replace a file",
        ComputeSha256 ? "with SHA-256" : null,
        MaxBytes is { } most ? $"{DisplayFormat.Size(most)} at most" : "of any size",
        AllowOtherContainers ? "in any container" : null,
        $"idle for {DisplayFormat.Duration(IdleTimeout)} at most");
}
