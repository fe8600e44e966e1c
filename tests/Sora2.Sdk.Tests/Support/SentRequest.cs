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

    /// <summary>The body of a form, a character for each byte, with BOUNDARY in place of its random boundary: for comparing two.</summary>
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
