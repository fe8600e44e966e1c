namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>What service templates put round every client: tries again on any failure, with a time-out for each attempt.</summary>
internal class Retrying : DelegatingHandler
{
    public TimeSpan AttemptTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var timer = new CancellationTokenSource(AttemptTimeout);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            try
            {
                var answer = await base.SendAsync(Again(request), linked.Token);
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
