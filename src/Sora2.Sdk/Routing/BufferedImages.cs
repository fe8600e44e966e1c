using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Routing;

/// <summary>The images of a request in a form that several clients can send: streams that cannot seek are read into memory.</summary>
internal sealed class BufferedImages
{
    /// <summary>The default of <see cref="Sora2Platform.MaxImageBytes"/>, for a client that is not the SDK's own.</summary>
    private const long DefaultMaxBytes = 64L * 1024 * 1024;

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

        var maxBytes = routes.Max(route => (route.Client as Sora2Client)?.Platform.MaxImageBytes ?? DefaultMaxBytes);
        foreach (var image in images.OfType<StreamImage>().Where(image => image.Start is null).Distinct())
        {
            try
            {
                var reader = new BoundedStreamReader(maxBytes, expected: null);
                await reader.ReadToEndAsync(image.Stream, cancellationToken).ConfigureAwait(false);
                result._buffered.Add(image, new StreamImage(new BlockStream(reader.Blocks), Start: 0) { Role = image.Role });
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

    /// <summary>Returns the same request, with the buffered images in place of their streams.</summary>
    public GenerationRequest Replace(GenerationRequest request) => request switch
    {
        _ when _buffered.Count == 0 => request,
        VideoRequest video => video with { Images = Replace(video.Images) },
        Storyboard storyboard => storyboard with
        {
            Shots = [.. storyboard.Shots.Select(shot => shot with { Images = Replace(shot.Images) })],
            ReferenceImages = Replace(storyboard.ReferenceImages),
        },
        _ => request,
    };

    private IReadOnlyList<ImageInput> Replace(IReadOnlyList<ImageInput> images) =>
        [.. images.Select(image => _buffered.GetValueOrDefault(image, image))];
}
