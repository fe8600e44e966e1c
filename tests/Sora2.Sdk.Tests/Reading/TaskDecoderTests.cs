using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>The limits between a task, a refusal, an unknown outcome and a transient error.</summary>
public sealed class TaskDecoderTests
{
    [Theory]
    [InlineData(200, "/v1/videos/task_b1", "{}", "task_b1")]
    [InlineData(201, "/v1/videos/task_b1", "", "task_b1")]
    [InlineData(201, "https://relay.example.com/v1/videos/task_b1?x=1", "", "task_b1")]
    public void Success_with_the_location_of_its_task_is_accepted(int status, string location, string body, string id)
    {
        var task = Create(status, body, location);

        Assert.Equal((id, VideoTaskStatus.NotStarted), (task.Id, task.Status));
    }

    [Theory]
    [InlineData(200, """{"error":{"message":"boom"}}""")] // also reports an error
    [InlineData(303, "")] // a redirect that was not followed
    [InlineData(300, "")]
    public void Location_without_a_clear_success_is_unknown_with_the_id(int status, string body)
    {
        if (status == 300)
        {
            // Unlike "see other", the address is a choice and not a task.
            Assert.Null(Assert.Throws<Sora2ApiException>(() => Create(status, body, "/v1/videos/task_b1")).TaskId);
            return;
        }

        var error = Assert.Throws<Sora2ApiException>(() => Create(status, body, "/v1/videos/task_b1"));

        Assert.Equal(("task_b1", (bool?)null), (error.TaskId, error.MayHaveBeenCharged));
    }

    [Fact]
    public void Refusal_with_another_location_names_no_task()
    {
        var error = Assert.Throws<Sora2ApiException>(() => Create(402, "", "/v1/videos/task_b1"));

        Assert.Equal((null, Sora2ErrorKind.InsufficientQuota), (error.TaskId, error.Kind));
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void Id_of_4096_letters_is_accepted_and_a_longer_one_is_in_the_error(int length, bool isAccepted)
    {
        var id = "t" + new string('a', length - 1);
        var body = $$"""{"id":"{{id}}","status":"queued"}""";

        if (isAccepted)
        {
            Assert.Equal(id, Create(200, body).Id);
        }
        else
        {
            Assert.Equal(id, Assert.Throws<Sora2ApiException>(() => Create(200, body)).TaskId);
        }
    }

    [Theory]
    [InlineData("""{"id":"task_b1","status":"queued"}""")] // named, whole and without an error: the relay says how the task is
    [InlineData("""{"id":"task_b1","status":"failed","fail_reason":"R"}""")]
    public void Error_status_of_a_query_is_ignored_if_the_body_is_the_task(string body)
    {
        var task = Query(500, body);

        Assert.Equal(body.Contains("failed", StringComparison.Ordinal) ? VideoTaskStatus.Failed : VideoTaskStatus.InProgress, task.Status);
    }

    [Theory]
    [InlineData("""{"status":"queued"}""")] // no id
    [InlineData("""{"id":"task_b1"}""")] // no status
    [InlineData("""{"id":"task_b1","status":"failed","error":{"message":"x"}}""")] // an error of the call, perhaps
    [InlineData("""{"id":"task_b1","status":"queued" """)] // cut short
    [InlineData("""{"id":"task_b1","status":"queued","prompt":"a 5" screen"}""")] // damaged
    public void Error_status_of_a_query_is_an_error_for_any_other_body(string body) =>
        Assert.Equal(Sora2ErrorKind.ServerError, Assert.Throws<Sora2ApiException>(() => Query(500, body)).Kind);

    [Theory]
    [InlineData("401", "Invalid token", Sora2ErrorKind.Authentication, false)]
    [InlineData("403", "no", Sora2ErrorKind.PermissionDenied, false)]
    [InlineData("402", "no money", Sora2ErrorKind.InsufficientQuota, false)]
    [InlineData("404", "task_not_exist", Sora2ErrorKind.TaskNotFound, false)]
    [InlineData("400", "bad", Sora2ErrorKind.InvalidRequest, true)]
    [InlineData("429", "slow down", Sora2ErrorKind.RateLimited, true)]
    [InlineData("500", "boom", Sora2ErrorKind.ServerError, true)]
    public void Error_of_a_query_is_transient_unless_the_query_is_refused(
        string code, string message, Sora2ErrorKind kind, bool isTransient)
    {
        var error = Assert.Throws<Sora2ApiException>(() => Query(200, $$"""{"code":{{code}},"message":"{{message}}","data":null}"""));

        Assert.Equal((kind, isTransient), (error.Kind, error.IsTransient));
    }

    [Theory]
    [InlineData("https://h/v1/video/query", "https://h/v1/videos/task_b1/content")]
    [InlineData("https://h/relay/v1/video/query", "https://h/relay/v1/videos/task_b1/content")]
    [InlineData("https://h/relay/v2/videos/generations/x", "https://h/relay/v1/videos/task_b1/content")]
    [InlineData("https://h/a/v1/b/v2/c", "https://h/a/v1/b/v1/videos/task_b1/content")]
    [InlineData("https://h/odd", "https://h/v1/videos/task_b1/content")]
    public void Content_route_is_below_the_address_of_the_API(string queried, string expected)
    {
        const string Body = """{"id":"task_b1","object":"video","status":"completed"}""";
        var response = Response(200, Body, "task_b1", CallKind.Query) with { Address = new Uri(queried) };

        Assert.Equal(expected, Sora2Platform.Juxin.DecodeTask(response).VideoUrl!.AbsoluteUri);
    }

    [Theory]
    [InlineData("failed", "moderation_blocked", true)] // under a word that only tasks have, the code is about the task
    [InlineData("error", "moderation_blocked", false)]
    [InlineData("EXPIRED", "moderation_blocked", false)]
    [InlineData("failed", "rate_limit", false)]
    public void Failure_without_an_id_ends_the_task_only_with_a_moderation_code(string status, string code, bool ends)
    {
        var body = $$$"""{"status":"{{{status}}}","error":{"message":"no","code":"{{{code}}}"}}""";

        if (ends)
        {
            Assert.Equal(VideoTaskStatus.Failed, Query(200, body).Status);
        }
        else
        {
            Assert.True(Assert.Throws<Sora2ApiException>(() => Query(200, body)).IsTransient);
        }
    }

    [Fact]
    public void Update_time_is_the_completion_time_only_of_a_finished_task()
    {
        Assert.Equal(
            1790000300, Query(200, """{"id":"task_b1","status":"completed","updated_at":1790000300}""").CompletedAt?.ToUnixTimeSeconds());
        Assert.Equal(
            1790000200,
            Query(200, """{"id":"task_b1","status":"completed","completed_at":1790000200,"updated_at":1790000300}""")
                .CompletedAt?.ToUnixTimeSeconds());
        Assert.Null(Query(200, """{"id":"task_b1","status":"queued","updated_at":1790000300}""").CompletedAt);
    }

    [Theory]
    [InlineData("[1]", false, "not an object")]
    [InlineData("""{"a":1}""", false, "no task id")]
    [InlineData("""{"a":1""", false, "not complete")]
    [InlineData("[1]", true, "not an object")]
    [InlineData("""{"a":1""", true, "not complete")]
    public void Unreadable_response_has_a_reason(string body, bool isQuery, string words)
    {
        var error = Assert.Throws<Sora2ApiException>(() => isQuery ? Query(200, body) : Create(200, body));

        Assert.Equal(Sora2ErrorKind.UnreadableResponse, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unclear_success_with_an_id_reports_its_text_or_status()
    {
        Assert.Contains(
            "bad size",
            Assert.Throws<Sora2ApiException>(() => Create(400, """{"task_id":"task_b1","error":{"message":"bad size"}}""")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "303", Assert.Throws<Sora2ApiException>(() => Create(303, "", "/v1/videos/task_b1")).Message, StringComparison.Ordinal);
    }

    private static VideoTask Create(int status, string body, string? location = null) =>
        Sora2Platform.Juxin.DecodeTask(Response(status, body, taskId: null, CallKind.CreateVideo) with
        {
            Method = HttpMethod.Post,
            Location = location is null ? null : new Uri(location, UriKind.RelativeOrAbsolute),
        });

    private static VideoTask Query(int status, string body) =>
        Sora2Platform.Juxin.DecodeTask(Response(status, body, "task_b1", CallKind.Query));

    private static ApiResponse Response(int status, string body, string? taskId, CallKind call) => new()
    {
        Platform = "juxin",
        Kind = call,
        StatusCode = (HttpStatusCode)status,
        Body = Encoding.UTF8.GetBytes(body),
        TaskId = taskId,
        Address = new Uri("https://h/v1/path"),
    };
}
