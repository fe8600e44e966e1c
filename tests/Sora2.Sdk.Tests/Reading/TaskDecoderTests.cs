using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>The borders between a task, a refusal, an unknown outcome and an error that passes, answer by answer.</summary>
public sealed class TaskDecoderTests
{
    [Theory]
    [InlineData(200, "/v1/videos/task_b1", "{}", "task_b1")]
    [InlineData(201, "/v1/videos/task_b1", "", "task_b1")]
    [InlineData(201, "https://relay.example.com/v1/videos/task_b1?x=1", "", "task_b1")]
    public void A_success_that_points_to_its_task_is_accepted(int status, string location, string body, string id)
    {
        var task = Create(status, body, location);

        Assert.Equal((id, VideoTaskStatus.NotStarted), (task.Id, task.Status));
    }

    [Theory]
    [InlineData(200, """{"error":{"message":"boom"}}""")] // also reports an error
    [InlineData(303, "")] // a redirect that was not followed
    [InlineData(300, "")]
    public void A_pointer_to_a_task_that_is_no_plain_success_is_of_unknown_outcome_with_the_id(int status, string body)
    {
        if (status == 300)
        {
            // No "see other": what it names is a choice and no task.
            Assert.Null(Assert.Throws<Sora2ApiException>(() => Create(status, body, "/v1/videos/task_b1")).TaskId);
            return;
        }

        var error = Assert.Throws<Sora2ApiException>(() => Create(status, body, "/v1/videos/task_b1"));

        Assert.Equal(("task_b1", (bool?)null), (error.TaskId, error.MayHaveBeenCharged));
    }

    [Fact]
    public void A_refusal_that_points_elsewhere_names_no_task()
    {
        var error = Assert.Throws<Sora2ApiException>(() => Create(402, "", "/v1/videos/task_b1"));

        Assert.Equal((null, Sora2ErrorKind.InsufficientQuota), (error.TaskId, error.Kind));
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void An_id_may_have_4096_letters_and_a_longer_one_is_kept_in_the_error(int length, bool isAccepted)
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
    public void A_query_refused_by_its_status_line_is_believed_where_the_body_is_the_tasks_own(string body)
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
    public void A_query_refused_by_its_status_line_is_an_error_in_all_other_cases(string body) =>
        Assert.Equal(Sora2ErrorKind.ServerError, Assert.Throws<Sora2ApiException>(() => Query(500, body)).Kind);

    [Theory]
    [InlineData("401", "Invalid token", Sora2ErrorKind.Authentication, false)]
    [InlineData("403", "no", Sora2ErrorKind.PermissionDenied, false)]
    [InlineData("402", "no money", Sora2ErrorKind.InsufficientQuota, false)]
    [InlineData("404", "task_not_exist", Sora2ErrorKind.TaskNotFound, false)]
    [InlineData("400", "bad", Sora2ErrorKind.InvalidRequest, true)]
    [InlineData("429", "slow down", Sora2ErrorKind.RateLimited, true)]
    [InlineData("500", "boom", Sora2ErrorKind.ServerError, true)]
    public void An_error_in_answer_to_a_query_passes_unless_it_says_that_asking_is_refused(string code, string message, Sora2ErrorKind kind, bool isTransient)
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
    public void The_content_route_stands_where_the_API_stands(string asked, string expected)
    {
        var answer = Answer(200, """{"id":"task_b1","object":"video","status":"completed"}""", "task_b1", CallKind.Query) with { Address = new Uri(asked) };

        Assert.Equal(expected, Sora2Platform.Juxin.DecodeTask(answer).VideoUrl!.AbsoluteUri);
    }

    [Theory]
    [InlineData("failed", "moderation_blocked", true)] // under a word that only tasks have, the code is about the task
    [InlineData("error", "moderation_blocked", false)]
    [InlineData("EXPIRED", "moderation_blocked", false)]
    [InlineData("failed", "rate_limit", false)]
    public void A_failure_that_names_no_task_ends_it_only_with_the_code_of_a_verdict(string status, string code, bool ends)
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
    public void The_time_of_the_last_change_is_that_of_the_end_only_at_the_end()
    {
        Assert.Equal(1790000300, Query(200, """{"id":"task_b1","status":"completed","updated_at":1790000300}""").CompletedAt?.ToUnixTimeSeconds());
        Assert.Equal(1790000200, Query(200, """{"id":"task_b1","status":"completed","completed_at":1790000200,"updated_at":1790000300}""").CompletedAt?.ToUnixTimeSeconds());
        Assert.Null(Query(200, """{"id":"task_b1","status":"queued","updated_at":1790000300}""").CompletedAt);
    }

    [Theory]
    [InlineData("[1]", false, "not an object")]
    [InlineData("""{"a":1}""", false, "without a task id")]
    [InlineData("""{"a":1""", false, "not whole")]
    [InlineData("[1]", true, "not an object")]
    [InlineData("""{"a":1""", true, "not whole")]
    public void An_answer_that_cannot_be_read_says_why(string body, bool isQuery, string words)
    {
        var error = Assert.Throws<Sora2ApiException>(() => isQuery ? Query(200, body) : Create(200, body));

        Assert.Equal(Sora2ErrorKind.UnreadableResponse, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_with_an_id_that_is_no_plain_success_says_its_words_or_its_status()
    {
        Assert.Contains("bad size", Assert.Throws<Sora2ApiException>(() => Create(400, """{"task_id":"task_b1","error":{"message":"bad size"}}""")).Message, StringComparison.Ordinal);
        Assert.Contains("303", Assert.Throws<Sora2ApiException>(() => Create(303, "", "/v1/videos/task_b1")).Message, StringComparison.Ordinal);
    }

    private static VideoTask Create(int status, string body, string? location = null) => Sora2Platform.Juxin.DecodeTask(Answer(status, body, taskId: null, CallKind.CreateVideo) with
    {
        Method = HttpMethod.Post,
        Location = location is null ? null : new Uri(location, UriKind.RelativeOrAbsolute),
    });

    private static VideoTask Query(int status, string body) => Sora2Platform.Juxin.DecodeTask(Answer(status, body, "task_b1", CallKind.Query));

    private static ApiResponse Answer(int status, string body, string? taskId, CallKind call) => new()
    {
        Platform = "juxin",
        Kind = call,
        StatusCode = (HttpStatusCode)status,
        Body = Encoding.UTF8.GetBytes(body),
        TaskId = taskId,
        Address = new Uri("https://h/v1/path"),
    };
}
