using Polly;
using Polly.Retry;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>
/// When a call is repeated, by kind. A free question: on any passing fault. A paid request: only when nothing of it was sent, or the answer says that it was not
/// taken (saturated, too fast). A download: on any passing fault.
/// </summary>
internal static class RetryPolicies
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private const int SaturatedFactor = 5;

    /// <summary>A longer pause than this is the caller's to decide on: the error says how long.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    public static ResiliencePipeline ForQueries(Sora2ClientOptions options, JitterSource chance, ClientTelemetry telemetry) => Create(options.QueryRetries, IsPassing, options, chance, telemetry);

    /// <summary>Like <see cref="ForQueries"/>, but a platform that is busy is left alone until the next question is due: asking at once makes it worse.</summary>
    public static ResiliencePipeline ForPolls(Sora2ClientOptions options, JitterSource chance, ClientTelemetry telemetry) =>
        Create(options.QueryRetries, e => IsPassing(e) && e.Kind is not (Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated), options, chance, telemetry);

    /// <summary>A download is taken up again after any passing fault; the pauses are those of questions.</summary>
    public static ResiliencePipeline ForDownloads(Sora2ClientOptions options, JitterSource chance, ClientTelemetry telemetry) => Create(options.DownloadRetries, e => e is DownloadException { IsTransient: true, HasRetriesLeft: true }, options, chance, telemetry);

    public static ResiliencePipeline ForCreates(Sora2ClientOptions options, JitterSource chance, ClientTelemetry telemetry) => Create(options.CreateRetries, WasNotTaken, options, chance, telemetry);

    // A page in place of JSON may be a gateway's bad moment as well as a wrong address.
    private static bool IsPassing(Sora2Exception e) => e.IsTransient || e is { Kind: Sora2ErrorKind.WrongEndpoint, StatusCode: System.Net.HttpStatusCode.OK };

    private static bool WasNotTaken(Sora2Exception e) => e is { MayHaveBeenCharged: false, IsTransient: true }
        && e.Kind is Sora2ErrorKind.Saturated or Sora2ErrorKind.RateLimited or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout;

    private static ResiliencePipeline Create(int retries, Func<Sora2Exception, bool> mayRepeat, Sora2ClientOptions options, JitterSource chance, ClientTelemetry telemetry) =>
        retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Sora2Exception>(e => mayRepeat(e) && !(e.RetryAfter > LongestRetryAfter)),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                MaxDelay = options.RetryDelay > LongestPause ? options.RetryDelay : LongestPause,
                UseJitter = true,
                Randomizer = chance.Next,
                DelayGenerator = retry => new ValueTask<TimeSpan?>(retry.Outcome.Exception is Sora2Exception e
                    ? e.RetryAfter ?? (e.Kind == Sora2ErrorKind.Saturated ? options.RetryDelay * (SaturatedFactor * (retry.AttemptNumber + 1)) : null)
                    : null),
                OnRetry = retry =>
                {
                    telemetry.Log.Retrying(telemetry.Account, retry.RetryDelay.TotalSeconds);
                    return default;
                },
            })
            .Build();
}
