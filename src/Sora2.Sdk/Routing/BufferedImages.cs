using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Routing;

/// <summary>Images that more than one client can send. A stream that cannot seek is used up by the first to read it, so that its content is read before; that takes no more memory than to send it.</summary>
internal sealed class BufferedImages
{
    private readonly Dictionary<ImageInput, ImageInput> _kept = [];

    private BufferedImages()
    {
    }

    /// <param name="images">The images of a request.</param>
    /// <param name="routes">Where it may go; with one way only, nothing is read.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<BufferedImages> ReadAsync(IEnumerable<ImageInput> images, IReadOnlyList<Route> routes, CancellationToken cancellationToken)
    {
        var repeatable = new BufferedImages();
        foreach (var image in routes.Count == 1 ? [] : images.OfType<StreamImage>().Where(image => image.Start is null).Distinct())
        {
            var most = routes.Max(route => route.Client.Platform.MaxImageBytes);
            try
            {
                var whole = new BoundedStreamReader(most, expected: null);
                await whole.ReadToEndAsync(image.Stream, cancellationToken).ConfigureAwait(false);
                repeatable._kept.Add(image, new StreamImage(new BlockStream(whole.Blocks), Start: 0));
            }
            catch (Exception e) when (e is not OperationCanceledException) // whatever the caller's stream throws
            {
                throw new Sora2ValidationException(
                    e is StreamTooLongException ? FormattableString.Invariant($"An image from a stream is larger than {most} bytes, the most that is sent. Scale it down. Nothing was sent.") : $"An image cannot be read from its stream: {MessageText.EnsurePeriod(e.Message)} Nothing was sent.", e);
            }
        }

        return repeatable;
    }

    /// <summary>The same images, those that were read in place of their streams.</summary>
    public IReadOnlyList<ImageInput> Of(IReadOnlyList<ImageInput> images) => [.. images.Select(image => _kept.GetValueOrDefault(image, image))];
}
