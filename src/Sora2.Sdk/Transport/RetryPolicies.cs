using System.Net;
using Polly;
using Polly.Retry;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>The retry policy of each kind of call.</summary>
internal static class RetryPolicies
{
    private const int SaturatedFactor = 5;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(15);

    /// <summary>A longer Retry-After is not waited for; the exception reports it.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Retries a free call on transient errors.</summary>
    public static ResiliencePipeline ForQueries(ClientContext context) => Create(context, context.Options.QueryRetries, IsTransient);

    /// <summary>As <see cref="ForQueries"/>, except for a busy platform: retrying before the next poll would make it busier.</summary>
    public static ResiliencePipeline ForPolls(ClientContext context) => Create(
        context,
        context.Options.QueryRetries,
        e => IsTransient(e) && e.Kind is not (Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated));

    /// <summary>Continues a download after transient errors.</summary>
    public static ResiliencePipeline ForDownloads(ClientContext context) => Create(
        context,
        context.Options.DownloadRetries,
        e => e is DownloadException { IsTransient: true, HasRetriesLeft: true });

    /// <summary>Retries a paid call only if nothing was sent, or the platform did not take it (saturated, rate limited).</summary>
    public static ResiliencePipeline ForCreates(ClientContext context) => Create(context, context.Options.CreateRetries, WasNotTaken);

    // An HTML page in place of JSON may be a temporary state of a gateway as well as a wrong address.
    private static bool IsTransient(Sora2Exception e) =>
        e.IsTransient || e is { Kind: Sora2ErrorKind.WrongEndpoint, StatusCode: HttpStatusCode.OK };

    /// <summary>Whether the platform did not take a paid request and may take the same one a little later, at no further cost.</summary>
    public static bool WasNotTaken(Sora2Exception e) => e is
    {
        MayHaveBeenCharged: false,
        IsTransient: true, // An untrusted certificate, for example, is not.
        Kind: Sora2ErrorKind.Saturated or Sora2ErrorKind.RateLimited or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout,
    };

    private static ResiliencePipeline Create(ClientContext context, int retries, Func<Sora2Exception, bool> shouldRetry)
    {
        if (retries == 0)
        {
            return ResiliencePipeline.Empty;
        }

        var delay = context.Options.RetryDelay;
        return new ResiliencePipelineBuilder { TimeProvider = context.Clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Sora2Exception>(e => shouldRetry(e) && !(e.RetryAfter > MaxRetryAfter)),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = delay,
                MaxDelay = delay > MaxDelay ? delay : MaxDelay,
                UseJitter = true,
                Randomizer = context.Jitter.Next,
                DelayGenerator = retry => new ValueTask<TimeSpan?>(retry.Outcome.Exception is Sora2Exception e
                    ? e.RetryAfter ?? (e.Kind == Sora2ErrorKind.Saturated ? delay * (SaturatedFactor * (retry.AttemptNumber + 1)) : null)
                    : null),
                OnRetry = retry =>
                {
                    context.Telemetry.Log.Retrying(context.Telemetry.Account, retry.RetryDelay.TotalSeconds);
                    return default;
                },
            })
            .Build();
    }
}
