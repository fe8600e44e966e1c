using System.Net;
using System.Net.Http.Headers;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Transport;

/// <summary>Fetches images and videos from media hosts: without the key, and not from private networks unless allowed.</summary>
/// <remarks>
/// Redirects are followed here, so that every address is checked. A video at the API's own origin is fetched with the key.
/// </remarks>
internal sealed class MediaClient(HttpClient http, HttpClient api, ApiKey key, Sora2ClientOptions options, Sora2Platform platform)
{
    private const int MaxRedirects = 5;
    private static readonly TimeSpan ImageTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ImageAttemptTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri[] _apis = [.. options.FallbackBaseAddresses.Prepend(options.BaseAddress ?? platform.DefaultBaseAddress)];

    /// <summary>Returns an exception without the key.</summary>
    public Exception? Masked(Exception? cause) => RedactedCause.Redact(cause, key.Mask);

    /// <summary>Returns a text without the key, which a response may repeat.</summary>
    public string Masked(string text) => key.Redact(text);

    /// <summary>Returns whether an address has the API's own origin: scheme, host and port.</summary>
    public bool IsApi(Uri url) => url.IsAbsoluteUri && _apis.Any(own => UriExtensions.IsSameOrigin(own, url));

    /// <summary>Requests an image, a video, or the missing part of one. The caller disposes the response.</summary>
    /// <param name="url">
    /// The address. At the API's own origin it is requested with the key, which links that end in <c>/content</c> need; an address
    /// elsewhere that it redirects to is not.
    /// </param>
    /// <param name="mayBeApi">Whether the link comes from the platform: one that comes from a media host never gets the key.</param>
    /// <param name="from">The first byte to request; null for the complete video.</param>
    /// <param name="version">The version to request a part of; null for any.</param>
    /// <param name="budget">The retries, and the time that each host may take to respond.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Sora2ValidationException">An address must not be followed.</exception>
    public async Task<HttpResponseMessage> GetAsync(
        Uri url, bool mayBeApi, long? from, EntityVersion? version, AttemptBudget budget, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            // After a redirect by a media host no address gets the key: the host chose it.
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
                // A compressed video has neither a length nor ranges, and is not smaller. The API's handler adds its own encodings anyway.
                request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            }

            if (from is not null)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = version?.Condition;
            }

            HttpResponseMessage response;
            try
            {
                response = await (mayBeApi ? api : http)
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (e.InnerException is PrivateAddressException closed)
            {
                throw new Sora2ValidationException(closed.Message, e);
            }

            if (response.RequestMessage?.RequestUri is { } asked && asked != url)
            {
                response.Dispose();
                throw new Sora2ValidationException(
                    $"{Redaction.WithoutQuery(url)} was redirected to {Redaction.WithoutQuery(asked)}, and a handler of the host followed "
                    + "without a check. Let it leave redirects to the SDK.");
            }

            if (!IsRedirect(response.StatusCode)
                || response.Headers.Location is not { } location
                || redirects == MaxRedirects
                || !Uri.TryCreate(url, location, out var next))
            {
                return response;
            }

            response.Dispose();
            url = next;
        }
    }

    /// <summary>Fetches an image that a route takes as a file.</summary>
    /// <exception cref="Sora2ValidationException">The image cannot be fetched; nothing was sent to the platform.</exception>
    /// <exception cref="StreamTooLongException">The image has, or announces, more bytes than the limit.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> FetchImageAsync(Uri url, long limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(ImageTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var budget = new AttemptBudget(int.MaxValue, ImageAttemptTimeout);
            using var response = await GetAsync(url, mayBeApi: false, from: null, version: null, budget, linked.Token)
                .ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new Sora2ValidationException(
                    $"The image at {Redaction.WithoutQuery(url)} cannot be fetched: its host returned {(int)response.StatusCode}. "
                    + "Nothing was sent to the platform.");
            }

            var announced = response.Content.Headers.ContentLength;
            if (announced > limit)
            {
                throw new StreamTooLongException(limit);
            }

            var stream = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
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
            throw new Sora2ValidationException(
                $"The image at {Redaction.WithoutQuery(url)} cannot be fetched: {HostFailure.Describe(e)} "
                + "This route takes files; give it as a file or bytes. Nothing was sent to the platform.",
                e);
        }
    }

    /// <summary>
    /// Refuses addresses that must not be requested. Names are checked again when they are resolved, but not behind a proxy. The API's own
    /// address comes from the user and not from a response.
    /// </summary>
    private void Check(Uri url, bool isApi)
    {
        if (!UriExtensions.IsHttp(url))
        {
            var shown = url.IsAbsoluteUri ? url.Scheme + ":…" : Redaction.WithoutQuery(url);
            throw new Sora2ValidationException($"\"{shown}\" is not an absolute http or https address; only those are followed.");
        }

        if (!isApi && !options.AllowPrivateNetworkDownloads && !PrivateNetworkGuard.MayBePublic(url))
        {
            throw new Sora2ValidationException(new PrivateAddressException(url.Host).Message);
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.Moved or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
