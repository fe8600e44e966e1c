using System.Net;
using System.Net.Http.Headers;

namespace Sora2.Sdk;

/// <summary>
/// Fetches images and videos from hosts that are not the API: without the key, and not from private networks unless allowed. Redirects are followed by hand, so
/// that every address on the way is checked.
/// </summary>
internal sealed class MediaHttp(HttpClient http, Sora2ClientOptions options)
{
    private const int MaxRedirects = 5;
    private static readonly TimeSpan ImageTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Asks for a media file; the caller disposes the answer.</summary>
    /// <exception cref="Sora2ValidationException">An address on the way may not be followed.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            Check(url);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
            HttpResponseMessage answer;
            try
            {
                answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (e.InnerException is PrivateAddressException closed)
            {
                throw new Sora2ValidationException(closed.Message, e);
            }

            if (answer.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || answer.Headers.Location is not { } location || redirects == MaxRedirects)
            {
                return answer;
            }

            answer.Dispose();
            url = new Uri(url, location);
        }
    }

    /// <summary>Fetches an image that a route wants as a file.</summary>
    /// <exception cref="Sora2ValidationException">It cannot be had; nothing was sent to the platform.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchImageAsync(Uri url, long limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(ImageTimeout, options.TimeProvider);
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
            return await new BoundedRead(limit, answer.Content.Headers.ContentLength).ToEndAsync(stream, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not Sora2Exception)
        {
            throw new Sora2ValidationException($"The image at {Redaction.WithoutQuery(url)} cannot be fetched: {Sentence.Ended((e.InnerException ?? e).Message)} This route takes files; give it as a file or bytes. Nothing was sent to the platform.", e);
        }
    }

    /// <summary>Refuses what must not be asked for; names are checked once more when they are resolved. A proxy would not check an address for us.</summary>
    private void Check(Uri url)
    {
        if (!WebAddress.Is(url))
        {
            throw new Sora2ValidationException($"\"{(url.IsAbsoluteUri ? url.Scheme + ":…" : Redaction.WithoutQuery(url))}\" is not an absolute http or https address; only those are followed.");
        }

        if (!options.AllowPrivateNetworkDownloads && IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address) && !NetworkGuard.IsPublic(address))
        {
            throw new Sora2ValidationException(new PrivateAddressException(url.Host).Message);
        }
    }
}
