using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Diagnostics;

public sealed class FailureReasonTests
{
    [Fact]
    public async Task Key_in_a_failure_reason_is_redacted_everywhere()
    {
        using var client = TestClients.Create(
            Sora2Platform.Juxin, new StubHandler("""{"status":"failed","fail_reason":"令牌test-key-juxin额度不足"}"""));

        var task = await client.Videos.GetAsync("task-1", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<VideoTaskFailedException>(
            () => client.Videos.WaitAsync("task-1", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("令牌***额度不足", task.FailureReason);
        Assert.All(
            [task.ToString(), task.ToUnifiedJson().ToJsonString(), error.ToString(), error.VideoTask.ToString()],
            text => Assert.DoesNotContain("test-key-juxin", text, StringComparison.Ordinal));
    }
}
