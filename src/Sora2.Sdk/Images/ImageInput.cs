using System.Buffers.Text;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk;

/// <summary>
/// An image to start from or refer to. One value works on every route: JSON routes get the URL or the image as a data URI, routes that take files get
/// the image's bytes. PNG, JPEG, WebP and GIF are recognised by content, not by name; anything else, one with a damaged header or without its end, and one larger than
/// <see cref="Sora2Platform.MaxImageBytes"/> is refused before anything is sent.
/// </summary>
[JsonConverter(typeof(ImageInputJsonConverter))]
public abstract partial record ImageInput
{
    private protected ImageInput()
    {
    }

    /// <summary>An image in a file, read when the request is sent.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static ImageInput FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FileImage(path);
    }

    /// <summary>An image in memory. The bytes are not copied: leave them as they are until the request has been sent.</summary>
    /// <param name="bytes">The whole image file.</param>
    /// <returns>The input.</returns>
    public static ImageInput FromBytes(ReadOnlyMemory<byte> bytes) => new BytesImage(bytes);

    /// <summary>
    /// An image in a stream, from where it stands now. It is read when the request is sent, and left open: the caller closes it. One that can seek may be used for
    /// several requests, one after the other; one that cannot is read into memory and used up by the first.
    /// </summary>
    /// <param name="stream">The image file's content.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static ImageInput FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanRead ? new StreamImage(stream, stream.CanSeek ? stream.Position : null) : throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }

    /// <summary>
    /// An image on the web. JSON routes pass the address on; for routes that take files the SDK fetches it, without the API key and, unless
    /// <see cref="Sora2ClientOptions.AllowPrivateNetworkDownloads"/> says otherwise, never from a private network.
    /// </summary>
    /// <param name="url">Its public address, http or https.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">The address is not an absolute http or https one.</exception>
    public static ImageInput FromUrl(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return UriExtensions.IsHttp(url)
            ? new UrlImage(url)
            : throw new ArgumentException($"\"{(url.IsAbsoluteUri ? url.Scheme + ":…" : url.OriginalString)}\" is not an absolute http or https address; use FromFile for files and FromDataUri for data URIs.", nameof(url));
    }

    /// <summary>
    /// An image in a data URI, <c>data:image/png;base64,…</c>. It is decoded when the request is sent. The media type and other parameters are not looked at:
    /// the content decides. White space in the base64 and percent-encoding are taken, as browsers take them.
    /// </summary>
    /// <param name="dataUri">The whole URI.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException">It is not a base64 data URI.</exception>
    public static ImageInput FromDataUri(string dataUri)
    {
        ArgumentNullException.ThrowIfNull(dataUri);
        var comma = dataUri.IndexOf(',', StringComparison.Ordinal);
        var head = dataUri.AsSpan(0, Math.Max(comma, 0)).Trim();
        if (!head.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || !head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("This is not a base64 data URI such as \"data:image/png;base64,…\".", nameof(dataUri));
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
