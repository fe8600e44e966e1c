using System.Net.Http.Headers;

namespace Sora2.Sdk;

/// <summary>Fetches images and videos from hosts that are not the API: without the key, and not from private networks unless allowed.</summary>
internal sealed class MediaHttp(HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan ImageTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Asks for a media file; the caller disposes the answer.</summary>
    public Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Fetches an image that a route wants as a file.</summary>
    /// <exception cref="Sora2ValidationException">It cannot be had; nothing was sent to the platform.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchImageAsync(Uri url, long limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(ImageTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var answer = await GetAsync(url, linked.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw new Sora2ValidationException($"The image at {Redaction.WithoutQuery(url)} cannot be fetched: its host answered {(int)answer.StatusCode}. Nothing was sent to the platform.");
            }

            var stream = await answer.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            return await BoundedRead.ToEndAsync(stream, limit, linked.Token, answer.Content.Headers.ContentLength).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            throw new Sora2ValidationException($"The image at {Redaction.WithoutQuery(url)} cannot be fetched: {(e.InnerException ?? e).Message} This route takes files; give it as a file or bytes. Nothing was sent to the platform.", e);
        }
    }
}
