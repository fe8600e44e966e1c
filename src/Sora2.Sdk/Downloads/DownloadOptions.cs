namespace Sora2.Sdk;

/// <summary>How to download a video.</summary>
public sealed record DownloadOptions
{
    /// <summary>Whether a file that is there already is replaced once the new one is complete. True by default.</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary>How long the media host may stay silent before the connection is given up; 60 s by default. The download as a whole may take as long as it needs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether <see cref="DownloadedVideo.Sha256"/> is computed. False by default: it costs some processor time.</summary>
    public bool ComputeSha256 { get; init; }

    /// <summary>
    /// The file's name where a directory is given: any text with <c>{id}</c>, without which two tasks would get one name, and if you like <c>{platform}</c>,
    /// <c>{model}</c> and <c>{date}</c> (the day the task was created, UTC). <c>{id}.mp4</c> by default; <c>.mp4</c> is added if it is missing. What the
    /// platform said is made safe: the name never leads out of the directory, and no two tasks of a platform share one.
    /// </summary>
    public string FileNameTemplate { get; init; } = "{id}.mp4";

    /// <summary>One readable line of what differs from the defaults.</summary>
    public override string ToString() => OneLine.Joined(
        $"named {OneLine.Of(FileNameTemplate)}",
        Overwrite ? null : "never replace a file",
        ComputeSha256 ? "with SHA-256" : null,
        $"idle for {OneLine.Length(IdleTimeout)} at most");
}
