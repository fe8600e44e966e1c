using System.Net;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Transport;

/// <summary>The send guard under handlers and networks that behave unusually, without sockets.</summary>
public sealed class GuardUnderHandlersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_that_the_network_would_resend_is_written_once(bool isReplaced)
    {
        var network = new Repeating();
        using var client = TestClients.Create(Sora2Platform.Juxin, new Between(
            (request, send) =>
            {
                request.Content = isReplaced ? new StringContent("""{"model":"sora-2-all"}""") : request.Content;
                return send(request);
            },
            network));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(1, network.Written);
        Assert.Null(error.MayHaveBeenCharged);
    }

    [Fact]
    public async Task Network_that_signs_and_resends_does_not_prove_a_refusal()
    {
        var network = new Repeating { Signs = true };
        using var client = TestClients.Create(Sora2Platform.Juxin, network);

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(1, network.Written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Synchronous_send_of_a_handler_is_refused(bool isPaid)
    {
        var network = new StubHandler(Responses.Accepted);
        using var client = TestClients.Create(Sora2Platform.Juxin, new Synchronous { InnerHandler = network });

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => isPaid ? client.Videos.CreateAsync(new VideoRequest("a"), Token) : client.Videos.GetAsync("task-1", Token));

        Assert.Contains("SendAsync", error.Message, StringComparison.Ordinal);
        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.Equal(!isPaid, error.MayHaveBeenCharged);
        Assert.Empty(network.Sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_that_throws_synchronously_is_reported_as_an_SDK_exception(bool isPaid)
    {
        var network = new StubHandler(Responses.Accepted);
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new Between((_, _) => throw new FormatException("boom"), network),
            options => (options.QueryRetries, options.CreateRetries) = (0, 0));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => isPaid ? client.Videos.CreateAsync(new VideoRequest("a"), Token) : client.Videos.GetAsync("task-1", Token));

        Assert.IsType<FormatException>(error.InnerException);
        Assert.Equal(!isPaid, error.MayHaveBeenCharged);
        Assert.Empty(network.Sent);
    }

    /// <summary>A host's handler that refuses a request has sent nothing, so that the next address or account may take it.</summary>
    [Theory]
    [InlineData("open circuit", true)]
    [InlineData("open circuit", false)]
    [InlineData("full queue", true)]
    [InlineData("full queue", false)]
    public async Task Request_refused_by_a_host_handler_goes_to_the_next_address(string refusal, bool isPaid)
    {
        var network = new StubHandler(Responses.Accepted);
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new Between(
                (request, send) => request.RequestUri!.Host == "second" ? send(request)
                    : throw (refusal == "open circuit" ? new BrokenCircuitException() : new RateLimiterRejectedException()),
                network),
            options => (options.BaseAddress, options.FallbackBaseAddresses) = (new Uri("https://first"), [new Uri("https://second")]));

        var task = await (isPaid ? client.Videos.CreateAsync(new VideoRequest("a"), Token) : client.Videos.GetAsync("task-1", Token));

        Assert.Equal("task-1", task.Id);
        Assert.Equal("second", Assert.Single(network.Sent).Url.Host);
    }

    private sealed class Between(
        Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> handle,
        HttpMessageHandler inner)
        : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            handle(request, message => base.SendAsync(message, cancellationToken));
    }

    private sealed class Synchronous : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(base.Send(request, cancellationToken));
    }

    /// <summary>A network that resends a body by itself, as one over HTTP/2 does when the server refuses the stream.</summary>
    private sealed class Repeating : HttpMessageHandler
    {
        public int Written { get; private set; }

        public bool Signs { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Signs)
            {
                request.Headers.Authorization = new("Signature", "of the network");
            }

            for (var i = 0; i < 2; i++)
            {
                using var sent = new MemoryStream();
                await request.Content!.CopyToAsync(sent, cancellationToken);
                Written += sent.Length > 0 ? 1 : 0;
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Responses.Accepted) };
        }
    }
}
