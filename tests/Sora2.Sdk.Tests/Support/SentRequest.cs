using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Tests.Support;

/// <summary>A complete request as it was sent.</summary>
internal sealed record SentRequest(string Method, Uri Url, string Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static async Task<SentRequest> OfAsync(HttpRequestMessage request, HttpContent? content, CancellationToken cancellationToken)
    {
        var headers = new StringBuilder();
        foreach (var (name, values) in request.Headers.Concat(
            request.Content?.Headers.AsEnumerable() ?? []).OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            headers.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(", ", values)}\n");
        }

        if (request.Content?.Headers.ContentLength is { } length && !headers.ToString().Contains(
            "Content-Length", StringComparison.Ordinal))
        {
            headers.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\n");
        }

        // Copied, not read: reading would buffer the content, and a single-use body could be sent twice.
        using var body = new MemoryStream();
        await (content?.CopyToAsync(body, cancellationToken) ?? Task.CompletedTask);
        return new SentRequest(request.Method.Method, request.RequestUri!, headers.ToString(), body.ToArray());
    }

    /// <summary>The body of a form as Latin-1 text, with BOUNDARY instead of its random boundary, for comparison.</summary>
    public string BytesWithoutBoundary
    {
        get
        {
            var start = Headers.IndexOf("boundary=", StringComparison.Ordinal);
            var boundary = Headers[(start + "boundary=".Length)..].Split('\n')[0];
            return Encoding.Latin1.GetString(Body).Replace(boundary, "BOUNDARY", StringComparison.Ordinal);
        }
    }
}
