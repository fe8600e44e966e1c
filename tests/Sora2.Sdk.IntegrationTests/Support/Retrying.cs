namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>A retry handler as service templates add one: retries on any failure, with a timeout per attempt.</summary>
internal class Retrying : DelegatingHandler
{
    /// <summary>Ends an attempt as a timeout would; a real one could end a successful attempt on a slow machine.</summary>
    public Task? GiveUp { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                var sending = base.SendAsync(NextAttempt(request), given.Token);
                if (GiveUp is not null && await Task.WhenAny(sending, GiveUp) == GiveUp)
                {
                    await given.CancelAsync();
                }

                var response = await sending;
                if (attempt == 3 || (response.IsSuccessStatusCode && (int)response.StatusCode < 300))
                {
                    return response;
                }

                if ((int)response.StatusCode is >= 300 and <= 399)
                {
                    return response; // such handlers leave redirects alone
                }
            }
            catch (Exception) when (attempt < 3 && !cancellationToken.IsCancellationRequested)
            {
                continue;
            }
        }
    }

    protected virtual HttpRequestMessage NextAttempt(HttpRequestMessage request) => request;
}
