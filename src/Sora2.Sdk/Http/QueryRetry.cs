using Polly;
using Polly.Retry;

namespace Sora2.Sdk;

/// <summary>When a free question is repeated: on passing faults, with growing pauses, or after what the platform asks for.</summary>
internal static class QueryRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    public static ResiliencePipeline Create(Sora2ClientOptions options)
    {
        if (options.QueryRetries == 0)
        {
            return ResiliencePipeline.Empty;
        }

        return new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Sora2ApiException>(ShouldRepeat),
                MaxRetryAttempts = options.QueryRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                UseJitter = true,
                DelayGenerator = static arguments => new ValueTask<TimeSpan?>((arguments.Outcome.Exception as Sora2ApiException)?.RetryAfter),
            })
            .Build();
    }

    // A page in place of JSON may be a gateway's bad moment as well as a wrong address. A pause that is longer than anybody waits is for the caller to see.
    private static bool ShouldRepeat(Sora2ApiException e) =>
        (e.IsTransient || e is { Kind: Sora2ErrorKind.WrongEndpoint, StatusCode: System.Net.HttpStatusCode.OK }) && !(e.RetryAfter > TimeSpan.FromMinutes(1));
}
