using System.Net;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The innermost handler, next to the network, below all handlers of a host. Adds the key, sends a paid request once however often a
/// handler tries, and refuses a paid request that is not part of a call.
/// </summary>
/// <param name="inner">The network.</param>
/// <param name="unpooled">The same network with a new connection for each request, or null.</param>
/// <param name="writesKeys">Whether the network is set up by <see cref="KeyedRequest.WriteKeys"/>.</param>
internal sealed class SendGuard(HttpMessageHandler inner, HttpMessageHandler? unpooled, bool writesKeys) : DelegatingHandler(inner)
{
    /// <summary>The largest response that is read, in bytes; a task's is a few thousand.</summary>
    public const int MaxResponseLength = 16 * 1024 * 1024;

    /// <summary>Other networks may add credentials themselves, and retry for their own reasons.</summary>
    private readonly bool _repeatsForChallengesOnly = inner is SocketsHttpHandler || inner.GetType() == typeof(HttpClientHandler);

    private readonly HttpMessageInvoker? _unpooled = unpooled is null ? null : new HttpMessageInvoker(unpooled);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GuardedCall.Current;
        var isOurs = call is not null && call.IsSameOrigin(request.RequestUri!);
        if ((request.Content is SegmentedHttpContent && !isOurs) || call?.IsOfAnother(request) == true)
        {
            throw Stray(request, call);
        }

        if (call is not null)
        {
            call.WasReached |= isOurs;
            call.Elsewhere = isOurs ? call.Elsewhere : request.RequestUri;
        }

        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        if (isOurs && !isRead && call!.IsPaidRequest(request))
        {
            return SendOnceAsync(request, call, call.Paid!, cancellationToken);
        }

        if (isOurs && (isRead || request.Content is SegmentedHttpContent)) // the latter is a free POST of the SDK
        {
            return SendWithKeyAsync(request, call!, cancellationToken);
        }

        // The rest are a handler's own requests, for a token perhaps. Without the key they cannot be billed. To the API itself only the SDK
        // sends anything but reads.
        return isRead || (call is not null && !isOurs)
            ? base.SendAsync(request, cancellationToken)
            : throw new SendRefusedException(
                $"A handler sent {request.Method} {Redaction.WithoutQuery(request.RequestUri!)}, which is no call of the SDK.");
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new SendRefusedException("A handler sent a call of the SDK synchronously; it has to use SendAsync.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpooled?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, GuardedCall call, PaidSend paid, CancellationToken cancellationToken)
    {
        var sending = paid.SendOrJoinAsync(token =>
        {
            var copy = new KeyedRequest(request, call.Authorization, writesKeys);

            // A handler may have buffered the SDK's body, or replaced it.
            paid.IsOwnBody = request.Content is SegmentedHttpContent { HasBegun: false };
            copy.Content = request.Content switch
            {
                SegmentedHttpContent { HasBegun: false } body => body.Detach(),
                { } other => new SingleUseContent(other.Headers, other.Headers.ContentLength, other.CopyToAsync),
                null => null,
            };
            return SendNewAsync(copy, token);
        });
        return (await sending.WaitAsync(cancellationToken).ConfigureAwait(false)).ToMessage(request);
    }

    private async Task<HttpResponseMessage> SendWithKeyAsync(
        HttpRequestMessage request, GuardedCall call, CancellationToken cancellationToken)
    {
        var copy = new KeyedRequest(request, call.Authorization, writesKeys) { Content = request.Content };
        var response = await base.SendAsync(copy, cancellationToken).ConfigureAwait(false);
        if (response.RequestMessage == copy)
        {
            response.RequestMessage = request;
        }

        return response;
    }

    /// <summary>
    /// Sends on a new connection. A network with credentials would react to a challenge by sending a second time, which the guard prevents;
    /// the challenge is then the response: a refusal.
    /// </summary>
    private async Task<HttpResponseMessage> SendNewAsync(KeyedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var sending = _unpooled is null
                ? base.SendAsync(request, cancellationToken)
                : _unpooled.SendAsync(request, cancellationToken);
            return await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (_repeatsForChallengesOnly && IsSentTwice(e) && ChallengeFor(request) is { } status)
        {
            return new HttpResponseMessage(status) { RequestMessage = request };
        }
    }

    private static bool IsSentTwice(Exception? e) => e is SentTwiceException || (e is not null && IsSentTwice(e.InnerException));

    private static HttpStatusCode? ChallengeFor(KeyedRequest request) =>
        request.Headers.ProxyAuthorization is not null ? HttpStatusCode.ProxyAuthenticationRequired
        : !ReferenceEquals(request.Headers.Authorization, request.Sent) ? HttpStatusCode.Unauthorized
        : null;

    private static SendRefusedException Stray(HttpRequestMessage request, GuardedCall? call) => new(
        call?.IsSameOrigin(request.RequestUri!) != false
        ? "A handler sent a request of the SDK outside of its call: it must let the execution context flow."
        : $"A handler sent a request of the SDK to {Redaction.WithoutQuery(request.RequestUri!)}. "
            + $"The key goes to {call.Address.GetLeftPart(UriPartial.Authority)} only; set BaseAddress to the new address if it is right.");
}
