namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Sends two requests concurrently and returns the first successful response.</summary>
internal sealed class Hedging : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var second = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
        foreach (var (name, value) in request.Options)
        {
            second.Options.TryAdd(name, value);
        }

        foreach (var (name, values) in request.Headers)
        {
            second.Headers.TryAddWithoutValidation(name, values);
        }

        List<Task<HttpResponseMessage>> running = [base.SendAsync(request, cancellationToken), base.SendAsync(second, cancellationToken)];
        while (true)
        {
            var first = await Task.WhenAny(running);
            running.Remove(first);
            if (running.Count == 0 || (first.IsCompletedSuccessfully && (int)first.Result.StatusCode < 400))
            {
                return await first;
            }
        }
    }
}
