using System.Net;
using System.Net.Http.Headers;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Fetches images and videos from hosts that are not the API: without the key, and not from private networks unless allowed. Redirects are followed by hand, so
/// that every address on the way is checked. A video that lies at the API itself is fetched as the API is asked, with the key.
/// </summary>
internal sealed class MediaClient(HttpClient http, HttpClient api, ApiKey key, Sora2ClientOptions options, Sora2Platform platform)
{
    private const int MaxRedirects = 5;
    private static readonly TimeSpan ImageTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ImageAttemptTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri[] _apis = [.. options.FallbackBaseAddresses.Prepend(options.BaseAddress ?? platform.DefaultBaseAddress)];

    /// <summary>A cause without the key.</summary>
    public Exception? Masked(Exception? cause) => RedactedCause.Redact(cause, key.Mask);

    /// <summary>A text without the key: what is asked with it may come back with it.</summary>
    public string Masked(string text) => key.Redact(text);

    /// <summary>The API's own origin: scheme, host and port.</summary>
    public bool IsApi(Uri url) => url.IsAbsoluteUri && _apis.Any(own => UriExtensions.IsSameOrigin(own, url));

    /// <summary>Asks for a video, or for what is missing of it; the caller disposes the answer.</summary>
    /// <param name="link">Where it is. At the API's own origin it is asked for with the key, as links that end in <c>/content</c> want it; what such a link redirects to elsewhere is not.</param>
    /// <param name="mayBeApi">Whether the link is the platform's word: one that a media host gave never gets the key.</param>
    /// <param name="from">The first byte that is wanted; null to ask for all of it.</param>
    /// <param name="version">The version that a part is wanted of; null for whichever the host has.</param>
    /// <param name="budget">Retries, and how long each host on the way may take to answer.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="Sora2ValidationException">An address on the way may not be followed.</exception>
    public Task<HttpResponseMessage> GetVideoAsync(
        Uri link, bool mayBeApi, long? from, EntityVersion? version, AttemptBudget budget, CancellationToken cancellationToken) =>
        GetAsync(link, mayBeApi, from, version, budget, cancellationToken);

    private async Task<HttpResponseMessage> GetAsync(
        Uri url, bool mayBeApi, long? from, EntityVersion? version, AttemptBudget budget, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            // Once a media host has sent it on, no address gets the key any more: where to is then that host's word.
            mayBeApi = mayBeApi && IsApi(url);
            Check(url, mayBeApi);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Options.Set(Sora2RequestOptions.CallKind, CallKind.Media);
            budget.AttachTo(request);
            request.Headers.TryAddWithoutValidation("User-Agent", HttpHandlers.UserAgent);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
            if (mayBeApi)
            {
                new GuardedCall(key.Authorization, url, paid: null, body: null).Begin();
            }
            else
            {
                // Compressed, a video has neither a length nor parts, and is no smaller. The API's handler adds what it can unpack anyway.
                request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            }

            if (from is not null)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = version?.Condition;
            }

            HttpResponseMessage answer;
            try
            {
                answer = await (mayBeApi ? api : http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (e.InnerException is PrivateAddressException closed)
            {
                throw new Sora2ValidationException(closed.Message, e);
            }

            if (answer.RequestMessage?.RequestUri is { } asked && asked != url)
            {
                answer.Dispose();
                throw new Sora2ValidationException($"{Redaction.WithoutQuery(url)} was redirected to {Redaction.WithoutQuery(asked)}, and a handler of the host's own followed without a check. Let it leave redirects to the SDK.");
            }

            if (answer.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || answer.Headers.Location is not { } location || redirects == MaxRedirects)
            {
                return answer;
            }

            if (!Uri.TryCreate(url, location, out var next))
            {
                return answer;
            }

            answer.Dispose();
            url = next;
        }
    }

    /// <summary>Fetches an image that a route wants as a file.</summary>
    /// <exception cref="Sora2ValidationException">It cannot be had; nothing was sent to the platform.</exception>
    /// <exception cref="StreamTooLongException">It has, or announces, more bytes than the limit.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> FetchImageAsync(Uri url, long limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(ImageTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var budget = new AttemptBudget(int.MaxValue, ImageAttemptTimeout);
            using var answer = await GetAsync(url, mayBeApi: false, from: null, version: null, budget, linked.Token).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new Sora2ValidationException($"The image at {Redaction.WithoutQuery(url)} cannot be fetched: its host answered {(int)answer.StatusCode}. Nothing was sent to the platform.");
            }

            var announced = answer.Content.Headers.ContentLength;
            if (announced > limit)
            {
                throw new StreamTooLongException(limit);
            }

            var stream = await answer.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            var image = new BoundedStreamReader(limit, announced);
            await image.ReadToEndAsync(stream, linked.Token).ConfigureAwait(false);
            return image.Blocks;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not (Sora2Exception or StreamTooLongException))
        {
            throw new Sora2ValidationException($"The image at {Redaction.WithoutQuery(url)} cannot be fetched: {HostFailure.Describe(e)} This route takes files; give it as a file or bytes. Nothing was sent to the platform.", e);
        }
    }

    /// <summary>
    /// Refuses what must not be asked for; names are checked once more when they are resolved. A proxy would not check an address for us. The API's own address is the user's
    /// word, not an answer's.
    /// </summary>
    private void Check(Uri url, bool isApi)
    {
        if (!UriExtensions.IsHttp(url))
        {
            throw new Sora2ValidationException($"\"{(url.IsAbsoluteUri ? url.Scheme + ":…" : Redaction.WithoutQuery(url))}\" is not an absolute http or https address; only those are followed.");
        }

        if (!isApi && !options.AllowPrivateNetworkDownloads && !PrivateNetworkGuard.MayBePublic(url))
        {
            throw new Sora2ValidationException(new PrivateAddressException(url.Host).Message);
        }
    }
}
