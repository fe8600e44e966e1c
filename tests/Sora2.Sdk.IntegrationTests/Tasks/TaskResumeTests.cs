using Microsoft.Extensions.DependencyInjection;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Tasks;

/// <summary>A second client with the same records resumes the tasks of the first.</summary>
public sealed class TaskResumeTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Tasks_of_one_client_are_finished_by_another_without_a_create(string platform)
    {
        using (var store = new FileTaskStore(Path.Combine(Folder, "records")))
        {
            var first = Client(platform, options => options.TaskStore = store);
            await first.Videos.CreateAsync(new VideoRequest("a"), Token);
            await first.Videos.CreateAsync(ThreeShots(ImageInput.FromBytes(TinyImages.Png)), Token);
            Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());
            await Assert.ThrowsAsync<SubmissionUnknownException>(() => first.Videos.CreateAsync(new VideoRequest("b"), Token));
        }

        Simulator.Ledger.Clear();
        using var again = new FileTaskStore(Path.Combine(Folder, "records"));
        var second = Client(platform, options => options.TaskStore = again);
        var unknown = 0;
        await foreach (var open in second.Videos.ResumeAsync(cancellationToken: Token))
        {
            if (open.VideoTask is null)
            {
                Assert.IsType<SubmissionUnknownException>(open.Error);
                unknown++;
                continue;
            }

            Assert.Equal(TaskRecordState.Completed, open.Record.State);
            await second.Videos.DownloadToDirectoryAsync(open.VideoTask, Folder, cancellationToken: Token);
        }

        Assert.Equal(1, unknown);
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
        var records = await again.RecordsAsync(Token);
        Assert.Equal(
            [TaskRecordState.Unknown, TaskRecordState.Downloaded, TaskRecordState.Downloaded],
            records.Select(record => record.State).Order());
        Assert.All(
            records.Where(record => record.State == TaskRecordState.Downloaded),
            record => Assert.Equal(record.Length, new FileInfo(record.Path!).Length));
        Assert.All(Directory.GetFiles(Path.Combine(Folder, "records"), "*.json").Select(File.ReadAllText), text =>
        {
            Assert.DoesNotContain(Simulator.ApiKey, text, StringComparison.Ordinal);
            Assert.DoesNotContain("base64", text, StringComparison.Ordinal);
            Assert.DoesNotContain("sig=", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Container_gives_its_clients_a_store_and_disposes_it()
    {
        var services = new ServiceCollection();
        foreach (var (name, platform) in new[] { ("one", "juxin"), ("two", "zhenzhen") })
        {
            services.AddSora2(name, options =>
            {
                (options.Platform, options.BaseAddress) = (platform, AddressOf(platform));
                options.ApiKey = Simulator.ApiKey;
            }).AddTaskStore(Folder);
        }

        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredKeyedService<ISora2Client>("one").Videos.CreateAsync(new VideoRequest("a"), Token);
            await provider.GetRequiredKeyedService<ISora2Client>("two").Videos.CreateAsync(new VideoRequest("a"), Token);
        }

        using var store = new FileTaskStore(Folder);
        Assert.Equal(
            [("one", TaskRecordState.Running), ("two", TaskRecordState.Running)],
            (await store.RecordsAsync(Token)).Select(record => (record.ClientName, record.State)));
    }
}
