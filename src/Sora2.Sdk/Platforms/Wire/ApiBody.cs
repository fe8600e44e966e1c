using Sora2.Sdk.Common;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms;

/// <summary>
/// A request body as a description: which fields, in which order, with which images. It is rendered once the images are loaded and streamed as it is sent,
/// so an image never stands in memory twice. Use <see cref="JsonBody"/> or <see cref="MultipartBody"/>.
/// </summary>
public abstract class ApiBody
{
    private protected ApiBody()
    {
    }

    /// <summary>The images of the body, in the order in which <see cref="Render"/> takes them.</summary>
    internal abstract IReadOnlyList<ImageInput> Images { get; }

    /// <summary>Whether images go as files, so that one given by its address has to be fetched first.</summary>
    internal abstract bool TakesFiles { get; }

    internal abstract string ContentType(string boundary);

    /// <summary>The bytes to send: literal ones, and images that are read as they are sent.</summary>
    internal abstract IReadOnlyList<BodySegment> Render(IReadOnlyList<LoadedImage> images, string boundary);

    /// <summary>The fields' names, in the order in which they are sent.</summary>
    internal abstract IEnumerable<string> FieldNames { get; }

    /// <summary>One readable line: the names of the fields and how many images, no content.</summary>
    public sealed override string ToString() => $"{GetType().Name} ({LogSanitizer.SingleLine(string.Join(", ", FieldNames.Distinct(StringComparer.Ordinal)))}{(Images.Count == 0 ? "" : $"; {DisplayFormat.Count(Images.Count, "image")}")})";
}
