using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Reading;

public sealed class ModelListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"object":"list","data":[{"id":"sora-2","object":"model"},{"id":"veo3.1-fast"}]}""", "sora-2 veo3.1-fast")]
    [InlineData(
        """{"success":true,"message":"","data":[{"id":"sora-2"},{"id":"sora-2"},{"id":" "},{"id":7},{},null,5,"kling-v2"]}""",
        "sora-2 kling-v2")]
    [InlineData("""["sora-2",{"id":"grok"}]""", "sora-2 grok")]
    [InlineData("""{"data":[]}""", "")]
    [InlineData("""{"data":null}""", "")]
    [InlineData("""{"models":5}""", "")]
    [InlineData("""{"code":0,"message":"ok","data":{}}""", "")]
    [InlineData("null", "")]
    [InlineData("true", "")]
    public void Names_are_read_and_any_other_success_lists_none(string json, string names) =>
        Assert.Equal(names, string.Join(' ', Sora2Platform.Juxin.DecodeModelList(Response(json))));

    [Theory]
    [InlineData("""{"error":{"message":"无效的令牌"}}""", Sora2ErrorKind.Authentication)]
    [InlineData("""{"success":false,"message":"额度不足"}""", Sora2ErrorKind.InsufficientQuota)]
    [InlineData("""{"data":[{"id":"so""", Sora2ErrorKind.UnreadableResponse)]
    [InlineData("", Sora2ErrorKind.UnreadableResponse)]
    [InlineData("<!doctype html><title>Shop</title>", Sora2ErrorKind.WrongEndpoint)]
    public void Error_under_a_success_status_is_an_error(string body, Sora2ErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<Sora2ApiException>(() => Sora2Platform.Zhenzhen.DecodeModelList(Response(body))).Kind);

    [Fact]
    public async Task Broken_response_is_retried_and_names_no_task()
    {
        var api = new StubHandler((call, _) =>
            StubHandler.Json(call == 0 ? """{"data":[{"id":"so""" : """{"data":[{"id":"sora-2"}]}"""));
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.RetryDelay = TimeSpan.FromMilliseconds(1));

        Assert.Equal(["sora-2"], await client.Account.ListModelsAsync(Token));
        Assert.Equal(2, api.Sent.Count);
    }

    [Fact]
    public async Task Model_is_not_mistaken_for_a_task_when_the_connection_breaks()
    {
        var api = new StubHandler((_, _) => new HttpResponseMessage
        {
            Content = new StreamContent(new Breaking("""{"data":[{"id":"sora-2"},"""u8.ToArray())),
        });
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.QueryRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Account.ListModelsAsync(Token));

        Assert.Equal((null, (bool?)false, "GET /v1/models"), (error.TaskId, error.MayHaveBeenCharged, error.RequestLine));
    }

    [Fact]
    public async Task Platform_without_a_model_list_reports_it()
    {
        using var client = TestClients.Create(new WithoutList(), new StubHandler("{}"));

        Assert.Contains(
            "EncodeModelList",
            (await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Account.ListModelsAsync(Token))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paid_model_list_of_an_adapter_is_refused()
    {
        var api = new StubHandler("{}");
        using var client = TestClients.Create(new PaidList(), api);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Account.ListModelsAsync(Token));

        Assert.Empty(api.Sent);
    }

    private static ApiResponse Response(string body) =>
        new()
        {
            Platform = "juxin",
            Kind = CallKind.Query,
            StatusCode = HttpStatusCode.OK,
            Body = Encoding.UTF8.GetBytes(body),
            Address = new Uri("https://h/v1/models"),
        };

    private sealed class WithoutList() : LikeJuxin("my-relay");

    private sealed class PaidList() : LikeJuxin("my-relay")
    {
        public override ApiRequest EncodeModelList() => EncodeVideo(new VideoRequest("a"));
    }

    private sealed class Breaking(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("The connection broke.");
    }
}
