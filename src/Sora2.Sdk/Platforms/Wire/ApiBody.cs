using Sora2.Sdk.Common;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms;

/// <summary>A request body: its fields, in order, with their images. Use <see cref="JsonBody"/> or <see cref="MultipartBody"/>.</summary>
/// <remarks>It is rendered after the images are loaded and streamed while it is sent, so that an image is never in memory twice.</remarks>
public abstract class ApiBody
{
    private protected ApiBody()
    {
    }

    /// <summary>The images of the body, in the order that <see cref="Render"/> expects.</summary>
    internal abstract IReadOnlyList<ImageInput> Images { get; }

    /// <summary>Whether images are sent as files, so that an image on the web must be fetched first.</summary>
    internal abstract bool TakesFiles { get; }

    internal abstract string ContentType(string boundary);

    /// <summary>Returns the bytes to send: literal ones, and images that are read while they are sent.</summary>
    internal abstract IReadOnlyList<BodySegment> Render(IReadOnlyList<LoadedImage> images, string boundary);

    /// <summary>The fields' names, in the order in which they are sent.</summary>
    internal abstract IEnumerable<string> FieldNames { get; }

    /// <summary>Returns one readable line: the names of the fields and the number of images, no content.</summary>
    public sealed override string ToString()
    {
        var names = LogSanitizer.SingleLine(string.Join(", ", FieldNames.Distinct(StringComparer.Ordinal)));
        return $"{GetType().Name} ({names}{(Images.Count == 0 ? "" : $"; {DisplayFormat.Count(Images.Count, "image")}")})";
    }
}
