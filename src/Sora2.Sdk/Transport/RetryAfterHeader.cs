using System.Net.Http.Headers;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Reads <c>Retry-After</c>, as seconds or as a date. A date is compared with the response's own <c>Date</c>, so that the clock of this
/// machine does not matter.
/// </summary>
internal static class RetryAfterHeader
{
    public static TimeSpan? Parse(HttpResponseHeaders headers, TimeProvider clock) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (headers.Date ?? clock.GetUtcNow()) is var pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero,
        _ => null,
    };
}
