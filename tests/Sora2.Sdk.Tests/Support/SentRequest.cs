using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Tests.Support;

/// <summary>A request as it left, whole.</summary>
internal sealed record SentRequest(string Method, Uri Url, string Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static async Task<SentRequest> OfAsync(HttpRequestMessage request, HttpContent? content, CancellationToken cancellationToken)
    {
        var headers = new StringBuilder();
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            headers.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(", ", values)}\n");
        }

        if (request.Content?.Headers.ContentLength is { } length && !headers.ToString().Contains("Content-Length", StringComparison.Ordinal))
        {
            headers.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\n");
        }

        // Copied, not read: reading would keep the bytes in the content, and a body that can be sent once could be sent again.
        using var body = new MemoryStream();
        await (content?.CopyToAsync(body, cancellationToken) ?? Task.CompletedTask);
        return new SentRequest(request.Method.Method, request.RequestUri!, headers.ToString(), body.ToArray());
    }

    /// <summary>Everything that matters, readable: images in form parts are named instead of shown, the random boundary is <c>BOUNDARY</c>.</summary>
    public string Describe(params byte[][] images)
    {
        var text = Encoding.Latin1.GetString(Body);
        for (var i = 0; i < images.Length; i++)
        {
            text = text.Replace(Encoding.Latin1.GetString(images[i]), string.Create(CultureInfo.InvariantCulture, $"<the {images[i].Length} bytes of image {i + 1}>"), StringComparison.Ordinal);
        }

        text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)).Replace("\r\n", "\n", StringComparison.Ordinal);
        var headers = Headers.Replace("Sora2.Sdk/" + typeof(Sora2Client).Assembly.GetName().Version!.ToString(3), "Sora2.Sdk/VERSION", StringComparison.Ordinal);
        var whole = $"{Method} {Url.PathAndQuery}\n{headers}{(text.Length > 0 ? "\n" + text : "")}";
        var at = Headers.IndexOf("boundary=", StringComparison.Ordinal);
        return at < 0 ? whole : whole.Replace(Headers[(at + "boundary=".Length)..].Split('\n')[0], "BOUNDARY", StringComparison.Ordinal);
    }
}
