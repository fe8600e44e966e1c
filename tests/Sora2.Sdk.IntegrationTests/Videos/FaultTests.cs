using System.Net;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>Faults of the network and of the platform, over real sockets.</summary>
public sealed class FaultTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Connection_dropped_after_a_create_means_one_request_and_an_unknown_outcome(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => Client(platform).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Null(error.MayHaveBeenCharged);
        Assert.Equal((1, 1), (Simulator.Ledger.Count(SimulatorOperation.CreateVideo), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [InlineData("juxin", 301)]
    [InlineData("juxin", 307)]
    [InlineData("zhenzhen", 302)]
    [InlineData("zhenzhen", 308)]
    public async Task Redirected_create_is_not_followed_and_names_both_addresses(string platform, int status)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(
            SimulatorFault.Redirect(status, new Uri("http://127.0.0.1:9/elsewhere")));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(
            (Sora2ErrorKind.WrongEndpoint, (HttpStatusCode)status, (bool?)false),
            (error.Kind, error.StatusCode!.Value, error.MayHaveBeenCharged));
        Assert.Contains(AddressOf(platform).Authority, error.Message, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:9/elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Single(Simulator.Ledger.Requests);
    }

    [Theory]
    [AllPlatforms]
    public async Task Handler_that_follows_redirects_sends_a_create_once(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.Redirect(307, AddressOf(platform)));
        using var following = new SocketsHttpHandler { AllowAutoRedirect = true };

        await Assert.ThrowsAnyAsync<Sora2Exception>(
            () => Client(platform, handler: following).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((1, 0), (Simulator.Ledger.Count(SimulatorOperation.CreateVideo), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [AllPlatforms]
    public async Task Transient_poll_errors_keep_waiting_and_create_nothing(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query)
            .Then(SimulatorFault.Html(502))
            .Then(SimulatorFault.ResetMidBody())
            .Then(SimulatorFault.TruncatedJson());

        var task = await Client(platform, Hurry).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        Assert.True(task.IsCompleted);
        Assert.Equal((1, 0), (Simulator.Ledger.BilledCreates, (int)Simulator.Faults.Pending));
    }

    [Theory]
    [AllPlatforms]
    public async Task Task_that_is_not_known_at_first_is_waited_for(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query)
            .Then(SimulatorFault.TaskNotFound(404))
            .Then(SimulatorFault.TaskNotFound(400));

        Assert.True((await Client(platform).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token)).IsCompleted);
    }

    [Theory]
    [AllPlatforms]
    public async Task Wait_that_timed_out_is_resumed_by_another_client(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(
            SimulatorFault.StatusScript(["\"queued\"", "\"queued\"", "\"queued\"", "102"]));
        var created = await Client(platform).Videos.CreateAsync(new VideoRequest("a"), Token);

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(
            () => Client(platform).Videos.WaitAsync(created.Id, new WaitOptions { Timeout = TimeSpan.Zero }, cancellationToken: Token));
        var task = await Client(platform).Videos.WaitAsync(error.TaskId!, cancellationToken: Token);

        Assert.True(task.IsCompleted);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Failed_task_throws_with_the_platforms_reason(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.TaskFails("输入的提示词违反了政策"));

        var error = await Assert.ThrowsAsync<VideoTaskFailedException>(
            () => Client(platform).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal(
            (Sora2ErrorKind.InputModeration, "输入的提示词违反了政策", platform),
            (error.Kind, error.VideoTask.FailureReason, error.PlatformName));
        Assert.Equal(error.VideoTask.Id, error.TaskId);
    }

    [Theory]
    [AllPlatforms]
    public async Task Wrong_key_has_its_own_kind_and_is_not_shown(string platform)
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Client(platform, options => options.ApiKey = "test-key-wrong").Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(
            (Sora2ErrorKind.Authentication, HttpStatusCode.Unauthorized, false), (error.Kind, error.StatusCode!.Value, error.IsTransient));
        Assert.DoesNotContain("test-key-wrong", error.ToString() + error.RawBody, StringComparison.Ordinal);
        Assert.NotNull(error.RequestId);
    }

    [Theory]
    [AllPlatforms]
    public async Task Unknown_model_has_its_own_kind(string platform)
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Client(platform).Videos.CreateAsync(new VideoRequest("a") { Model = "sora-9" }, Token));

        Assert.Equal((Sora2ErrorKind.ModelUnavailable, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
        Assert.Contains("sora-9", error.Message, StringComparison.Ordinal);
        Assert.Single(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Web_site_instead_of_the_API_has_its_own_kind()
    {
        var client = Client("zhenzhen", options => options.BaseAddress = Simulator.JuxinBaseAddress);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((Sora2ErrorKind.WrongEndpoint, HttpStatusCode.OK), (error.Kind, error.StatusCode!.Value));
        Assert.Contains("BaseAddress", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Unreachable_platform_is_a_network_error_and_nothing_was_sent(string platform)
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform, options =>
        {
            Hurry(options);
            options.BaseAddress = new Uri("http://127.0.0.1:1");
        }).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((Sora2ErrorKind.Network, true, (bool?)false), (error.Kind, error.IsTransient, error.MayHaveBeenCharged));
    }

    [Theory]
    [AllPlatforms]
    public async Task Missing_response_ends_with_the_timeout(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.Delay(Timeout.InfiniteTimeSpan));
        var client = Client(platform, options => (options.QueryTimeout, options.QueryRetries) = (TimeSpan.FromMilliseconds(100), 0));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("task-1", Token));

        Assert.Equal((Sora2ErrorKind.Timeout, "task-1"), (error.Kind, error.TaskId));
    }

    [Theory]
    [AllPlatforms]
    public async Task Cancellation_ends_a_wait_and_keeps_the_task(string platform)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var client = Client(platform);
        string? id = null;
        var progress = new SyncProgress<VideoTask>(task =>
        {
            id = task.Id;
            cancel.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.Videos.GenerateAsync(new VideoRequest("a"), progress: progress, cancellationToken: cancel.Token));

        Assert.True((await client.Videos.WaitAsync(id!, cancellationToken: Token)).IsCompleted);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "")]
    [InlineData("juxin", "v1")]
    [InlineData("zhenzhen", "v1/")]
    [InlineData("zhenzhen", "v2")]
    public async Task Path_is_right_for_every_form_of_base_address(string platform, string suffix)
    {
        var client = Client(platform, options => options.BaseAddress = new Uri(AddressOf(platform), suffix));

        Assert.NotEmpty((await client.Videos.CreateAsync(new VideoRequest("a"), Token)).Id);
    }
}
