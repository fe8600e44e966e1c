using System.Text;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Reading;

/// <summary>Every captured body again, over sockets as a platform sends it.</summary>
public sealed class CapturedOverSocketsTests : SimulatorTest
{
    [Theory]
    [InlineData("juxin-create-accepted", VideoTaskStatus.InProgress, "queued", 0.0, null)]
    [InlineData("juxin-create-accepted-native", VideoTaskStatus.NotStarted, "pending", null, null)]
    [InlineData(
        "juxin-query-completed",
        VideoTaskStatus.Succeeded,
        "completed",
        100.0,
        "https://midjourney-plus.oss-us-west-1.aliyuncs.com/sora/cc4fb429-22a5-4747-a6f9-a6badccf8f42.mp4")]
    [InlineData("juxin-query-failed-error-object", VideoTaskStatus.Failed, "failed", 0.0, null)]
    [InlineData("juxin-query-numeric-status", VideoTaskStatus.InProgress, "102", 50.0, null)]
    [InlineData("juxin-query-pending-native", VideoTaskStatus.NotStarted, "pending", 93.02178175176704, null)]
    [InlineData("zhenzhen-create-accepted", VideoTaskStatus.Unknown, null, null, null)]
    [InlineData("zhenzhen-query-failure", VideoTaskStatus.Failed, "FAILURE", 100.0, null)]
    [InlineData(
        "zhenzhen-query-success",
        VideoTaskStatus.Succeeded,
        "SUCCESS",
        100.0,
        "https://filesystem.site/cdn/20250901/018eg2SgUpHMT6EEuQbfeRLWeUhE75.mp4")]
    public async Task Captured_task_is_read_on_both_platforms(
        string captured, VideoTaskStatus status, string? rawStatus, double? progress, string? url)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            Simulator.Faults.On(platform.Name, SimulatorOperation.Query).Then(SimulatorFault.Status(200, Text(captured)));

            var task = await Client(platform.Name).Videos.GetAsync("asked:1", Token);

            Assert.Equal(
                ("asked:1", platform.Name, status, rawStatus, url),
                (task.Id, task.PlatformName, task.Status, task.RawStatus, task.VideoUrl?.OriginalString));
            Assert.Equal(progress ?? double.NaN, task.Progress ?? double.NaN, 1e-9);
        }
    }

    [Theory]
    [InlineData("juxin-create-accepted", "video_7b1b817c-be94-49dc-9b43-640c239bf6d3")]
    [InlineData("juxin-create-accepted-native", "sora-2:task_01k9008rhbefnt3rb1g9szxdwr")]
    [InlineData("zhenzhen-create-accepted", "f0aa213c-c09e-4e19-a0e5-c698fe48acf1")]
    public async Task Captured_response_to_a_create_has_its_id_on_both_platforms(string captured, string id)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            Simulator.Faults.On(platform.Name, SimulatorOperation.CreateVideo).Then(SimulatorFault.Status(200, Text(captured)));

            Assert.Equal(id, (await Client(platform.Name).Videos.CreateAsync(new VideoRequest("a"), Token)).Id);
        }
    }

    [Fact]
    public async Task Captured_character_is_read_on_both_platforms()
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            Simulator.Faults.On(
                platform.Name, SimulatorOperation.CreateCharacter).Then(SimulatorFault.Status(200, Text("character-created")));

            Assert.Equal(
                "hfspncadz.mooflapand",
                (await Client(platform.Name).Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3)), Token)).Username);
        }
    }

    [Theory]
    [InlineData("error-400-task-not-exist", 400, Sora2ErrorKind.TaskNotFound)]
    [InlineData("error-403-quota", 403, Sora2ErrorKind.InsufficientQuota)]
    [InlineData("error-404-invalid-url", 404, Sora2ErrorKind.WrongEndpoint)]
    [InlineData("error-429-saturated", 429, Sora2ErrorKind.Saturated)]
    [InlineData("error-503-no-channel", 503, Sora2ErrorKind.ModelUnavailable)]
    public async Task Captured_error_is_classified_for_queries_and_creates_on_both_platforms(
        string captured, int status, Sora2ErrorKind kind)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var client = Client(platform.Name, options => (options.QueryRetries, options.CreateRetries) = (0, 0));
            Simulator.Faults.On(platform.Name, SimulatorOperation.Query).Then(SimulatorFault.Status(status, Text(captured)));
            Simulator.Faults.On(platform.Name, SimulatorOperation.CreateVideo).Then(SimulatorFault.Status(status, Text(captured)));

            var asking = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("t", Token));
            var creating = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

            Assert.Equal((kind, kind, (bool?)false), (asking.Kind, creating.Kind, creating.MayHaveBeenCharged));
        }
    }

    private static string Text(string captured) => Encoding.UTF8.GetString(Captured.Read(captured));
}
