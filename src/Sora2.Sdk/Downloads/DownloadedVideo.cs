using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A video that was downloaded completely.</summary>
public sealed partial record DownloadedVideo
{
    /// <summary>The id of its task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The full path of the file; null if the video was written to a stream.</summary>
    /// <remarks>
    /// With <see cref="DownloadOptions.AllowOtherContainers"/> its extension may differ from that of the path that was given.
    /// </remarks>
    public string? Path { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The content type that the media host gave, usually <c>video/mp4</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The SHA-256 of its content.</summary>
    /// <value>64 lower-case hexadecimal digits; null unless <see cref="DownloadOptions.ComputeSha256"/> is set.</value>
    public string? Sha256 { get; init; }

    /// <summary>Returns one readable line: where it is, how large, and of which task.</summary>
    public override string ToString()
    {
        var place = Path is null ? "written to a stream" : LogSanitizer.Path(Path);
        var kind = DisplayFormat.Join(DisplayFormat.Size(Length), LogSanitizer.SingleLine(ContentType));
        return $"{place} ({kind}) of task {LogSanitizer.SingleLine(TaskId)}";
    }
}
