using System.Net.Http.Headers;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Parses <c>Retry-After</c>, as seconds or a date. A date is compared with the response's <c>Date</c>, so that this machine's clock does
/// not matter.
/// </summary>
internal static class RetryAfterHeader
{
    public static TimeSpan? Parse(HttpResponseHeaders headers, TimeProvider clock) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (headers.Date ?? clock.GetUtcNow()) is var delay && delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
        _ => null,
    };
}
