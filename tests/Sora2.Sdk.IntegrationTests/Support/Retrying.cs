namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>What service templates put round every client: tries again on any failure, with a time-out for each attempt.</summary>
internal class Retrying : DelegatingHandler
{
    /// <summary>Ends a try as a time-out would; not a time, which a slow machine may need for a good answer.</summary>
    public Task? GiveUp { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                var sending = base.SendAsync(Again(request), given.Token);
                if (GiveUp is not null && await Task.WhenAny(sending, GiveUp) == GiveUp)
                {
                    await given.CancelAsync();
                }

                var answer = await sending;
                if (attempt == 3 || (answer.IsSuccessStatusCode && (int)answer.StatusCode < 300))
                {
                    return answer;
                }

                if ((int)answer.StatusCode is >= 300 and <= 399)
                {
                    return answer; // such handlers leave redirects alone
                }
            }
            catch (Exception) when (attempt < 3 && !cancellationToken.IsCancellationRequested)
            {
                continue;
            }
        }
    }

    protected virtual HttpRequestMessage Again(HttpRequestMessage request) => request;
}
