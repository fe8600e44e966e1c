using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A video that was downloaded whole.</summary>
public sealed partial record DownloadedVideo
{
    /// <summary>The task it is the video of.</summary>
    public required string TaskId { get; init; }

    /// <summary>The full path of the file; null when it was written to a stream.</summary>
    /// <remarks>With <see cref="DownloadOptions.AllowOtherContainers"/> its extension may be another one than that of the path asked for.</remarks>
    public string? Path { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The content type the media host gave, normally <c>video/mp4</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The SHA-256 of its content, 64 lower-case hexadecimal digits; null unless <see cref="DownloadOptions.ComputeSha256"/> asked for it.</summary>
    public string? Sha256 { get; init; }

    /// <summary>One readable line: where it is, how large, and of which task.</summary>
    public override string ToString() => $"{(Path is null ? "written to a stream" : LogSanitizer.Path(Path))} ({LogSanitizer.Joined(LogSanitizer.Size(Bytes), LogSanitizer.SingleLine(ContentType))}) of task {LogSanitizer.SingleLine(TaskId)}";
}
