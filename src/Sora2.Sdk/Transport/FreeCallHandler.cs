using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The outermost handler: sends free calls through the <see cref="ResilienceHandler"/> of Microsoft.Extensions.Http.Resilience, and lets
/// paid ones pass untouched.
/// </summary>
/// <remarks>
/// What the package needs is made with the first call that goes through it, so that a script that downloads nothing does not pay for it.
/// </remarks>
internal sealed class FreeCallHandler : DelegatingHandler
{
    private readonly Func<Sora2ResilienceOptions> _settings;
    private readonly TimeSpan _retryDelay;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string _account;
    private readonly JitterSource _chance;
    private readonly Lazy<HttpMessageInvoker> _resilient;
    private Pipelines? _pipelines;

    /// <param name="settings">The settings in force; asked for each call.</param>
    /// <param name="options">The client's.</param>
    /// <param name="name">The client's.</param>
    public FreeCallHandler(Func<Sora2ResilienceOptions> settings, Sora2ClientOptions options, string name)
    {
        (_settings, _retryDelay, _clock) = (settings, options.RetryDelay, options.TimeProvider);
        (_log, _chance) = (ClientTelemetry.CreateLogger(options), new JitterSource(options.JitterSeed));
        _account = Sora2Platform.AccountOf(options.Platform, name);
        _resilient = new Lazy<HttpMessageInvoker>(Build);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsResilient(request) ? _resilient.Value.SendAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _resilient.IsValueCreated)
        {
            _resilient.Value.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Nothing that may cost money: no paid kind, and nothing without a kind.</summary>
    private bool IsResilient(HttpRequestMessage request) => KindOf(request) switch
    {
        CallKind.Media => true,
        CallKind.Query => _settings().Queries.IsOn,
        _ => false,
    };

    private static CallKind? KindOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(Sora2RequestOptions.CallKind, out var kind) ? kind : null;

    private HttpMessageInvoker Build() =>
        new(new ResilienceHandler(PipelineFor) { InnerHandler = new Attempt(InnerHandler!) }, disposeHandler: false);

    private ResiliencePipeline<HttpResponseMessage> PipelineFor(HttpRequestMessage request)
    {
        var settings = _settings();
        var pipelines = Volatile.Read(ref _pipelines);
        if (pipelines is null || !ReferenceEquals(pipelines.Of, settings))
        {
            // Those whose settings are the same keep their counts.
            var next = new Pipelines(settings, Next(pipelines?.Media, settings.Media), Next(pipelines?.Queries, settings.Queries));
            var before = Interlocked.CompareExchange(ref _pipelines, next, pipelines);
            pipelines = before == pipelines ? next : before!;
        }

        return (KindOf(request) == CallKind.Media ? pipelines.Media : pipelines.Queries).For(request);
    }

    private HostPipelines Next(HostPipelines? current, HttpResilienceOptions settings) => current?.Settings.IsSameAs(settings) == true
        ? current
        : new HostPipelines(settings.Copy(), settings.RetryDelay ?? _retryDelay, _clock, _log, _account, _chance);

    private sealed record Pipelines(Sora2ResilienceOptions Of, HostPipelines Media, HostPipelines Queries);

    /// <summary>One attempt, as the pipeline makes it.</summary>
    private sealed class Attempt(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            HostPermit.Get(request)?.HoldFor(response);
            return response;
        }
    }
}
