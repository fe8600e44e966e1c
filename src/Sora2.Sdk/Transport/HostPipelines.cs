using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The resilience pipelines of one kind of free call, one for each host: concurrency limit, retry, circuit breaker and attempt timeout,
/// from the outside in.
/// </summary>
/// <remarks>Rebuilt when the settings change; running calls keep the old one.</remarks>
internal sealed class HostPipelines(
    HttpResilienceOptions settings, TimeSpan retryDelay, TimeProvider clock, ILogger log, string account, JitterSource chance)
{
    /// <summary>Responses name the hosts, so their number is limited; at the limit all pipelines are rebuilt.</summary>
    private const int MaxHosts = 500;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public HttpResilienceOptions Settings => settings;

    public ResiliencePipeline<HttpResponseMessage> For(HttpRequestMessage request)
    {
        if (_hosts.Count >= MaxHosts)
        {
            _hosts.Clear();
        }

        return _hosts.GetOrAdd(request.RequestUri!.Authority, Build);
    }

    private ResiliencePipeline<HttpResponseMessage> Build(string host)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock };
        if (settings.PermitLimit is { } permits)
        {
            var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = settings.QueueLimit });
            pipeline.AddRateLimiter(new HttpRateLimiterStrategyOptions
            {
                RateLimiter = async args =>
                {
                    var permit = new HostPermit(await limiter.AcquireAsync(1, args.Context.CancellationToken).ConfigureAwait(false));
                    permit.AttachTo(args.Context.GetRequestMessage()!);
                    return permit;
                },
            });
        }

        if (settings.MaxRetryAttempts > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = settings.MaxRetryAttempts,
                BackoffType = DelayBackoffType.Exponential,
                Delay = retryDelay,
                MaxDelay = retryDelay > LongestDelay ? retryDelay : LongestDelay,
                UseJitter = true,
                Randomizer = chance.Next,
                ShouldHandle = args => new(
                    IsTransient(args.Outcome)
                    && !(RetryAfterOf(args.Outcome) > settings.MaxRetryAfter)
                    && AttemptBudget.Get(args.Context.GetRequestMessage()) is not { IsSpent: true }),
                DelayGenerator = args => new(RetryAfterOf(args.Outcome)), // by the client's clock, which the package does not ask
                OnRetry = args =>
                {
                    if (AttemptBudget.Get(args.Context.GetRequestMessage()) is { } budget)
                    {
                        budget.TakeRetry();
                        budget.RetriedBelow?.Invoke();
                    }

                    log.RetryingHost(account, host, args.RetryDelay.TotalSeconds);
                    return default;
                },
            });
        }

        if (settings.UseCircuitBreaker)
        {
            pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = settings.FailureRatio,
                MinimumThroughput = settings.MinimumThroughput,
                SamplingDuration = settings.SamplingDuration,
                BreakDuration = settings.BreakDuration,
                ShouldHandle = args => new(IsTransient(args.Outcome)),
                OnOpened = args =>
                {
                    log.CircuitOpened(account, host, args.BreakDuration.TotalSeconds);
                    return default;
                },
                OnClosed = args =>
                {
                    log.CircuitClosed(account, host);
                    return default;
                },
            });
        }

        pipeline.AddTimeout(new HttpTimeoutStrategyOptions
        {
            TimeoutGenerator = args => new(
                settings.AttemptTimeout ?? AttemptBudget.Get(args.Context.GetRequestMessage())?.AttemptTimeout ?? Timeout.InfiniteTimeSpan),
        });
        return pipeline.Build();
    }

    private TimeSpan? RetryAfterOf(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response ? RetryAfterHeader.Parse(response.Headers, clock) : null;

    /// <summary>What passes by itself, and speaks against the host; a private address does neither.</summary>
    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        HttpClientResiliencePredicates.IsTransient(outcome) && outcome.Exception?.InnerException is not PrivateAddressException;
}
