using System.Globalization;
using System.Net;
using Sora2.Sdk.Tests.Support;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Tests.Transport;

/// <summary>The delay in Retry-After, independent of the local clock.</summary>
public sealed class RetryAfterTests
{
    private readonly VirtualClock _clock = new();

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Date_is_relative_to_the_date_of_the_response_not_to_the_local_clock(int hoursAhead)
    {
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) =>
            {
                var platformTime = _clock.GetUtcNow().AddHours(-hoursAhead);
                var response = n == 0
                    ? StubHandler.Json(Responses.TooManyRequests, HttpStatusCode.TooManyRequests)
                    : StubHandler.Json(Responses.Accepted);
                response.Headers.Date = platformTime;
                response.Headers.TryAddWithoutValidation(
                    "Retry-After", platformTime.AddSeconds(7).ToString("R", CultureInfo.InvariantCulture));
                return response;
            }),
            options => (options.TimeProvider, options.PollJitter) = (_clock, 0));

        await _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal(TimeSpan.FromSeconds(7), _clock.Elapsed);
    }

    [Theory]
    [InlineData("Fri, 20 Nov 2026 08:00:09 GMT", 9)]
    [InlineData("Fri, 20 Nov 2026 07:00:00 GMT", 0)]
    [InlineData("5", 5)]
    public void Date_is_relative_to_the_local_clock_if_the_response_has_none(string value, int seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfterHeader.Parse(response.Headers, _clock));
    }
}
