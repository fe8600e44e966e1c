using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Tasks;

/// <summary>A program that was killed and is restarted.</summary>
public sealed class RestartTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Restarted_program_resumes_running_tasks_and_reports_the_create_in_flight(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.None, times: 5)
            .Then(SimulatorFault.Delay(Timeout.InfiniteTimeSpan));
        Simulator.Faults.On(platform, SimulatorOperation.Query)
            .Then(SimulatorFault.Status(200, """{"status":102}"""), times: int.MaxValue); // no task ends before the kill
        using (var first = Worker.Start(Simulator, platform, Folder, videos: 6))
        {
            Assert.True(await first.UntilAsync(AreSixSentAndFiveRunning, Token));
            await first.KillAsync(Token);
        }

        Simulator.Ledger.Clear();
        Simulator.Faults.Clear();
        using var second = Worker.Start(Simulator, platform, Folder, videos: 6);
        var (code, output) = await second.EndAsync(Token);

        Assert.True(code == 0, output);
        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.CreateVideo));
        Assert.Contains(
            nameof(SubmissionUnknownException),
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
        using var store = new FileTaskStore(Path.Combine(Folder, "records"));
        Assert.Equal(
            [TaskRecordState.Unknown, .. Enumerable.Repeat(TaskRecordState.Downloaded, 5)],
            (await store.RecordsAsync(Token)).Select(record => record.State).Order());

        bool AreSixSentAndFiveRunning() => Simulator.Ledger.Count(SimulatorOperation.CreateVideo) == 6
            && Records().Count(text => text.Contains("Running", StringComparison.Ordinal)) == 5;
    }

    private string[] Records() => Directory.Exists(Path.Combine(Folder, "records"))
        ? [.. Directory.GetFiles(Path.Combine(Folder, "records"), "*.json").Select(File.ReadAllText)]
        : [];
}
