namespace Sora2.Sdk;

/// <summary>
/// The innermost handler, next to the network under whatever a host puts round or in place of ours. It puts on the key, sends a paid request once however often it is tried, and refuses one without a pass.
/// </summary>
/// <param name="inner">The network.</param>
/// <param name="anew">The same network with a new connection for each request; null where there is none.</param>
internal sealed class SendGuard(HttpMessageHandler inner, HttpMessageHandler? anew) : DelegatingHandler(inner)
{
    /// <summary>The largest response that is read, in bytes; a task's is a few thousand.</summary>
    public const int MaxResponseLength = 16 * 1024 * 1024;

    private readonly HttpMessageInvoker? _anew = anew is null ? null : new HttpMessageInvoker(anew);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GuardedCall.Current;
        var isOurs = call is not null && call.IsSameOrigin(request.RequestUri!);
        if (request.Content is BodyContent or BodyContent.Detached && !isOurs)
        {
            throw new SendRefusedException(call is null
                ? "A handler sent a paid request outside of its call: it must not suppress the flow of the execution context."
                : $"A handler sent a paid request to {Redaction.WithoutQuery(request.RequestUri!)}. The key goes to {call.Address.GetLeftPart(UriPartial.Authority)} only; set BaseAddress to the new address if it is right.");
        }

        if (call is not null)
        {
            call.Elsewhere = isOurs ? null : request.RequestUri;
        }

        if (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head)
        {
            return isOurs ? await WithKeyAsync(request, call!, cancellationToken).ConfigureAwait(false) : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        if (isOurs && call!.Paid is { } paid)
        {
            var response = await paid.SendOrJoinAsync(token => SendPaidAsync(Copy(request, call, paid), token)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return response.ToMessage(request);
        }

        // A handler's own request, for a token of its own perhaps: without our key it cannot be billed. At the API itself nobody but us has anything to send.
        return isOurs && call!.Paid is null && request.Content is BodyContent ? await WithKeyAsync(request, call, cancellationToken).ConfigureAwait(false) // a free POST of the SDK's
            : call is not null && !isOurs ? await base.SendAsync(request, cancellationToken).ConfigureAwait(false)
            : throw new SendRefusedException($"A handler sent {request.Method} {Redaction.WithoutQuery(request.RequestUri!)} that is no call of the SDK's.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _anew?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> WithKeyAsync(HttpRequestMessage request, GuardedCall call, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = call.Authorization;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Authorization = null; // Handlers and loggers see the request again.
        }
    }

    private Task<ReceivedResponse> SendPaidAsync(HttpRequestMessage request, CancellationToken cancellationToken) => ReceivedResponse.ReadAsync(
        _anew is null ? base.SendAsync(request, cancellationToken) : _anew.SendAsync(request, cancellationToken), MaxResponseLength, cancellationToken);

    /// <summary>A copy that only the network sees: it carries the key, and lives on when a handler gives up and disposes its own.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage request, GuardedCall call, PaidSend paid)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var header in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        foreach (var (name, value) in request.Options)
        {
            copy.Options.TryAdd(name, value);
        }

        copy.Headers.Authorization = call.Authorization;
        paid.IsOwnBody = request.Content is BodyContent { HasBegun: false };
        copy.Content = request.Content is BodyContent { HasBegun: false } body ? body.Detach() : request.Content; // A handler may have read it into memory, or put another in its place.
        return copy;
    }
}
