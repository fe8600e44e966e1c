namespace Sora2.Sdk;

/// <summary>
/// The innermost handler: whatever a host wraps round it (a resilience handler for all clients, hedging, a handler of its own), a paid request reaches the
/// network once.
/// </summary>
internal sealed class OneShotGuard(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var oneShot = OneShot.Of(request);
        if (oneShot is not null && !oneShot.TryPass())
        {
            throw new SentTwiceException();
        }

        try
        {
            var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (oneShot is not null)
            {
                oneShot.Answered = answer.StatusCode;
            }

            return answer;
        }
        catch (HttpRequestException e) when (oneShot is not null && TransportFailure.NothingSent(e))
        {
            oneShot.NothingSent = true;
            throw;
        }
    }
}
