using System.Buffers.Text;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk;

/// <summary>An image to start from or refer to: a PNG, JPEG, WebP or GIF from a file, memory, a stream, the web or a data URI.</summary>
/// <remarks>
/// One value works on every route: JSON routes get the URL or the image as a data URI, routes that take files get the image's bytes. The
/// format is detected by content, not by name. Any other format, a damaged header, a truncated image and one larger than
/// <see cref="Sora2Platform.MaxImageBytes"/> is refused before anything is sent.
/// </remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public abstract partial record ImageInput
{
    private protected ImageInput()
    {
    }

    /// <summary>What the image is for.</summary>
    /// <value><see cref="ImageRole.Unspecified"/> unless it was set, by <see cref="AsFirstFrame"/> for example.</value>
    public ImageRole Role { get; init; }

    /// <summary>Returns the same image as the first frame, for models that have roles.</summary>
    /// <returns>The input.</returns>
    public ImageInput AsFirstFrame() => this with { Role = ImageRole.FirstFrame };

    /// <summary>Returns the same image as the last frame, for models that have roles.</summary>
    /// <returns>The input.</returns>
    public ImageInput AsLastFrame() => this with { Role = ImageRole.LastFrame };

    /// <summary>Returns the same image as a reference, for models that have roles.</summary>
    /// <returns>The input.</returns>
    public ImageInput AsReference() => this with { Role = ImageRole.Reference };

    /// <summary>Creates an input from a file, which is read when the request is sent.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static ImageInput FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FileImage(path);
    }

    /// <summary>Creates an input from memory. The bytes are not copied: do not change them until the request has been sent.</summary>
    /// <param name="bytes">The complete image file.</param>
    /// <returns>The input.</returns>
    public static ImageInput FromBytes(ReadOnlyMemory<byte> bytes) => new BytesImage(bytes);

    /// <summary>Creates an input from a stream at its current position, which is read when the request is sent.</summary>
    /// <remarks>
    /// The stream is left open: the caller closes it. A stream that can seek may be used for several requests, one after the other; one
    /// that cannot is read into memory and consumed by the first request.
    /// </remarks>
    /// <param name="stream">The image file's content.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static ImageInput FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanRead
            ? new StreamImage(stream, stream.CanSeek ? stream.Position : null)
            : throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }

    /// <summary>Creates an input from an image on the web.</summary>
    /// <remarks>
    /// JSON routes pass the address on. For routes that take files the SDK fetches the image, without the API key and never from a private
    /// network, unless <see cref="Sora2ClientOptions.AllowPrivateNetworkDownloads"/> is set.
    /// </remarks>
    /// <param name="url">The public http or https address.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public static ImageInput FromUrl(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return UriExtensions.IsHttp(url)
            ? new UrlImage(url)
            : throw new ArgumentException(
                $"\"{(url.IsAbsoluteUri ? url.Scheme + ":…" : url.OriginalString)}\" is not an absolute http or https address; "
                + "use FromFile for files and FromDataUri for data URIs.",
                nameof(url));
    }

    /// <summary>Creates an input from a data URI, <c>data:image/png;base64,…</c>, which is decoded when the request is sent.</summary>
    /// <remarks>
    /// The media type and other parameters are ignored: the content decides. White space in the base64 and percent-encoding are accepted,
    /// as browsers accept them.
    /// </remarks>
    /// <param name="dataUri">The complete URI.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The text is not a base64 data URI.</exception>
    public static ImageInput FromDataUri(string dataUri)
    {
        ArgumentNullException.ThrowIfNull(dataUri);
        var comma = dataUri.IndexOf(',', StringComparison.Ordinal);
        var head = dataUri.AsSpan(0, Math.Max(comma, 0)).Trim();
        if (!head.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            || !head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("The text is not a base64 data URI such as \"data:image/png;base64,…\".", nameof(dataUri));
        }

        var data = dataUri.AsMemory(comma + 1);
        if (data.Span.Contains('%'))
        {
            data = Uri.UnescapeDataString(data.ToString()).AsMemory();
        }

        return Base64.IsValid(data.Span, out var length)
            ? new DataUriImage(data, length)
            : throw new ArgumentException("The part after \"base64,\" is not valid base64.", nameof(dataUri));
    }
}
