using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>Poll errors that say nothing about the task: the wait continues, up to a limit.</summary>
public sealed class PollErrorTests
{
    private const string Running = """{"id":"task_b","status":"processing"}""";
    private const string Done = """{"id":"task_b","status":"completed","video_url":"https://media.example.com/b/1.mp4"}""";
    private const string Page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>";

    private readonly VirtualClock _clock = new();
    private int _polls;

    [Theory]
    [InlineData(403, Page)]
    [InlineData(404, "<html><head><title>404 Not Found</title></head></html>")]
    [InlineData(400, "<html><head><title>400 Bad Request</title></head></html>")]
    [InlineData(200, "<html><head><title>Login</title></head></html>")]
    [InlineData(404, "")]
    [InlineData(403, "")]
    [InlineData(409, """{"error":{"message":"task is being updated"}}""")]
    [InlineData(425, """{"error":{"message":"too early"}}""")]
    [InlineData(499, "")]
    [InlineData(302, "")]
    [InlineData(200, """{"error":{"message":"upstream timeout","type":"new_api_error","code":""}}""")]
    [InlineData(
        200,
        """{"code":"fetch_task_failed","message":"Get \"https://up.example.com/v1/videos/x\": context deadline exceeded","data":null}""")]
    [InlineData(200, """{"code":"fail_to_fetch_task","message":"x","data":null}""")]
    [InlineData(200, """{"code":429,"msg":"Too many requests","data":null}""")]
    [InlineData(400, """{"code":"fail_to_fetch_task","message":"{\"error\":{\"message\":\"rate limit exceeded\",\"code\":429}}"}""")]
    [InlineData(503, """{"error":{"message":"No available channel for this model"}}""")]
    public async Task Error_that_says_nothing_about_the_task_keeps_waiting(int status, string body)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            _polls = 0;
            using var client = Client(platform, n => n switch
            {
                0 => StubHandler.Json(Running),
                1 => StubHandler.Json(body, (HttpStatusCode)status),
                _ => StubHandler.Json(Done),
            });

            Assert.True((await _clock.RunAsync(client.Videos.WaitAsync("task_b"))).IsCompleted);
        }
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"bad request"}}""", Sora2ErrorKind.InvalidRequest)]
    [InlineData(401, """{"error":{"message":"Invalid token"}}""", Sora2ErrorKind.Authentication)]
    [InlineData(403, """{"error":{"message":"no access"}}""", Sora2ErrorKind.PermissionDenied)]
    [InlineData(422, """{"error":{"message":"bad id"}}""", Sora2ErrorKind.InvalidRequest)]
    public async Task Error_about_the_call_ends_the_wait_at_once(int status, string body, Sora2ErrorKind kind)
    {
        using var client = Client(
            Sora2Platform.Juxin, n => n == 0 ? StubHandler.Json(Running) : StubHandler.Json(body, (HttpStatusCode)status));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.WaitAsync("task_b")));

        Assert.Equal((kind, "task_b", 2), (error.Kind, error.TaskId, _polls));
    }

    [Fact]
    public async Task Tenth_error_in_a_row_ends_the_wait()
    {
        using var client = Client(
            Sora2Platform.Juxin, n => n == 0 ? StubHandler.Json(Running) : StubHandler.Json(Page, HttpStatusCode.Forbidden));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.WaitAsync("task_b")));

        Assert.Equal(("task_b", (bool?)true, 11), (error.TaskId, error.MayHaveBeenCharged, _polls));
    }

    [Fact]
    public async Task Successful_poll_resets_the_error_count()
    {
        using var client = Client(Sora2Platform.Juxin, n =>
            n == 39 ? StubHandler.Json(Done)
            : n % 10 == 0 ? StubHandler.Json(Running)
            : StubHandler.Json(Page, HttpStatusCode.Forbidden));

        Assert.True((await _clock.RunAsync(client.Videos.WaitAsync("task_b"))).IsCompleted);
    }

    [Fact]
    public async Task Web_page_as_first_response_ends_the_wait()
    {
        using var client = Client(Sora2Platform.Juxin, _ => StubHandler.Json(Page, HttpStatusCode.Forbidden));

        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.WaitAsync("task_b")));

        Assert.Equal((1, TimeSpan.Zero), (_polls, _clock.Elapsed));
    }

    [Fact]
    public async Task Web_page_after_an_accepted_create_keeps_waiting()
    {
        using var client = Client(Sora2Platform.Juxin, n => n switch
        {
            0 => StubHandler.Json("""{"id":"task_b","status":"queued"}"""),
            1 => StubHandler.Json(Page, HttpStatusCode.Forbidden),
            _ => StubHandler.Json(Done),
        });

        Assert.True((await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a")))).IsCompleted);
    }

    [Theory]
    [InlineData(
        """{"error":{"message":"This content may violate our content policies.","code":"moderation_blocked"},"id":"task_b"}""",
        "This content may violate our content policies.")]
    [InlineData("""{"id":"task_b","phase":7,"prompt":"a cat"}""", "phase = 7")]
    public async Task Timeout_without_a_status_quotes_the_response(string body, string quoted)
    {
        using var client = Client(Sora2Platform.Juxin, _ => StubHandler.Json(body));

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task_b", new WaitOptions { Timeout = TimeSpan.FromMinutes(2) })));

        Assert.Contains(quoted, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a cat", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"error":{"message":"content policies"}}""", "content policies")]
    [InlineData(503, """{"error":{"message":"No available channel"}}""", "No available channel")]
    [InlineData(429, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""", "负载已饱和")]
    public async Task Timeout_quotes_the_last_error_and_never_suggests_another_create(int status, string body, string quoted)
    {
        using var client = Client(
            Sora2Platform.Juxin, n => n == 0 ? StubHandler.Json(Running) : StubHandler.Json(body, (HttpStatusCode)status));

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task_b", new WaitOptions { Timeout = TimeSpan.FromMinutes(2) })));

        Assert.Contains(quoted, error.Message, StringComparison.Ordinal);
        Assert.All(
            new[] { "create", "change the prompt", "choose another", "not taken", "charged" },
            words => Assert.DoesNotContain(words, error.Message, StringComparison.OrdinalIgnoreCase));
    }

    private Sora2Client Client(Sora2Platform platform, Func<int, HttpResponseMessage> respond) => TestClients.Create(
        platform,
        new StubHandler((_, _) => respond(_polls++)),
        options => (options.TimeProvider, options.PollJitter, options.QueryRetries) = (_clock, 0, 0));
}
