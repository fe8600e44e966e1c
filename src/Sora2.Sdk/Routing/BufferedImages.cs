using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Routing;

/// <summary>The images of a request in a form that several clients can send: streams that cannot seek are read into memory.</summary>
internal sealed class BufferedImages
{
    private readonly Dictionary<ImageInput, ImageInput> _buffered = [];

    private BufferedImages()
    {
    }

    /// <summary>Reads the streams that cannot seek, if more than one client may send them.</summary>
    /// <exception cref="Sora2ValidationException">A stream is too large or not readable; nothing was sent.</exception>
    public static async Task<BufferedImages> ReadAsync(
        IEnumerable<ImageInput> images,
        IReadOnlyList<Route> routes,
        CancellationToken cancellationToken)
    {
        var result = new BufferedImages();
        if (routes.Count == 1)
        {
            return result;
        }

        var maxBytes = routes.Max(route => route.Client.Platform.MaxImageBytes);
        foreach (var image in images.OfType<StreamImage>().Where(image => image.Start is null).Distinct())
        {
            try
            {
                var reader = new BoundedStreamReader(maxBytes, expected: null);
                await reader.ReadToEndAsync(image.Stream, cancellationToken).ConfigureAwait(false);
                result._buffered.Add(image, new StreamImage(new BlockStream(reader.Blocks), Start: 0));
            }
            catch (StreamTooLongException e)
            {
                throw new Sora2ValidationException(
                    FormattableString.Invariant(
                        $"An image from a stream is larger than {maxBytes} bytes, the most that is sent. Scale it down. Nothing was sent."),
                    e);
            }
            catch (Exception e) when (e is not OperationCanceledException) // an application's stream can throw anything
            {
                throw new Sora2ValidationException(
                    $"An image cannot be read from its stream: {MessageText.EnsurePeriod(e.Message)} Nothing was sent.",
                    e);
            }
        }

        return result;
    }

    /// <summary>Returns the same images, with the buffered ones in place of their streams.</summary>
    public IReadOnlyList<ImageInput> Replace(IReadOnlyList<ImageInput> images) =>
        [.. images.Select(image => _buffered.GetValueOrDefault(image, image))];
}
