namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>A retry handler that sends a copy each time, with the content buffered, as resilience handlers do.</summary>
internal sealed class Cloning : Retrying
{
    protected override HttpRequestMessage NextAttempt(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version };
        foreach (var (name, values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        foreach (var (name, value) in request.Options)
        {
            copy.Options.TryAdd(name, value);
        }

        if (request.Content is not null)
        {
            request.Content.LoadIntoBufferAsync().GetAwaiter().GetResult();
            copy.Content = request.Content;
        }

        return copy;
    }
}
