using Polly;
using Polly.Retry;

namespace Sora2.Sdk;

/// <summary>
/// When a call is repeated, by kind. A free question: on any passing fault. A paid request: only when nothing of it was sent, or the answer says that it was not
/// taken (saturated, too fast).
/// </summary>
internal static class RetryPolicies
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PauseWhenSaturated = TimeSpan.FromSeconds(5);

    /// <summary>A longer pause than this is the caller's to decide on: the error says how long.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    public static ResiliencePipeline ForQueries(Sora2ClientOptions options, Chance chance) => Create(options.QueryRetries, IsPassing, options, chance);

    public static ResiliencePipeline ForCreates(Sora2ClientOptions options, Chance chance) => Create(options.CreateRetries, WasNotTaken, options, chance);

    // A page in place of JSON may be a gateway's bad moment as well as a wrong address.
    private static bool IsPassing(Sora2ApiException e) => e.IsTransient || e is { Kind: Sora2ErrorKind.WrongEndpoint, StatusCode: System.Net.HttpStatusCode.OK };

    private static bool WasNotTaken(Sora2ApiException e) => e.MayHaveBeenCharged == false
        && e.Kind is Sora2ErrorKind.Saturated or Sora2ErrorKind.RateLimited or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout;

    private static ResiliencePipeline Create(int retries, Func<Sora2ApiException, bool> mayRepeat, Sora2ClientOptions options, Chance chance) =>
        retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Sora2ApiException>(e => mayRepeat(e) && !(e.RetryAfter > LongestRetryAfter)),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                UseJitter = true,
                Randomizer = chance.Next,
                DelayGenerator = static retry => new ValueTask<TimeSpan?>(retry.Outcome.Exception is Sora2ApiException e
                    ? e.RetryAfter ?? (e.Kind == Sora2ErrorKind.Saturated ? PauseWhenSaturated * (retry.AttemptNumber + 1) : null)
                    : null),
            })
            .Build();
}
