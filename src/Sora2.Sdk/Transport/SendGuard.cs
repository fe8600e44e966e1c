using System.Net;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The innermost handler, next to the network under whatever a host puts round or in place of ours. It puts on the key, sends a paid
/// request once however often it is tried, and refuses one without a pass.
/// </summary>
/// <param name="inner">The network.</param>
/// <param name="anew">The same network with a new connection for each request; null where there is none.</param>
/// <param name="writesKeys">Whether the network goes by <see cref="KeyedRequest.WriteKeys"/>.</param>
internal sealed class SendGuard(HttpMessageHandler inner, HttpMessageHandler? anew, bool writesKeys) : DelegatingHandler(inner)
{
    /// <summary>The largest response that is read, in bytes; a task's is a few thousand.</summary>
    public const int MaxResponseLength = 16 * 1024 * 1024;

    /// <summary>Others may put credentials on a request of their own accord, and repeat it for reasons of their own.</summary>
    private readonly bool _repeatsForChallengesOnly = inner is SocketsHttpHandler || inner.GetType() == typeof(HttpClientHandler);

    private readonly HttpMessageInvoker? _anew = anew is null ? null : new HttpMessageInvoker(anew);

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

        if (isOurs && (isRead || request.Content is SegmentedHttpContent)) // the latter: a POST that the SDK knows to be free
        {
            return SendWithKeyAsync(request, call!, cancellationToken);
        }

        // What is left is a handler's own request, for a token perhaps. Without the key it cannot be billed. At the API itself, nobody but
        // the SDK has anything to send.
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
            _anew?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, GuardedCall call, PaidSend paid, CancellationToken cancellationToken)
    {
        var sending = paid.SendOrJoinAsync(token =>
        {
            var copy = new KeyedRequest(request, call.Authorization, writesKeys);

            // A handler may have read our body into memory, or put another in its place.
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
    /// A host's handler that has credentials answers a challenge by sending again, which a paid request does not. Then the challenge is what
    /// came for it: a refusal.
    /// </summary>
    private async Task<HttpResponseMessage> SendNewAsync(KeyedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await (_anew is null ? base.SendAsync(request, cancellationToken) : _anew.SendAsync(request, cancellationToken)).ConfigureAwait(false);
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

    private static SendRefusedException Stray(HttpRequestMessage request, GuardedCall? call) => new(call?.IsSameOrigin(request.RequestUri!) != false
        ? "A handler sent a request of the SDK outside of its call: it must let the execution context flow."
        : $"A handler sent a request of the SDK to {Redaction.WithoutQuery(request.RequestUri!)}. "
            + $"The key goes to {call.Address.GetLeftPart(UriPartial.Authority)} only; set BaseAddress to the new address if it is right.");
}
