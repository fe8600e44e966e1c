using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The text of the simulator's values in a debugger.</summary>
public sealed class SimulatorToStringTests : Support.SimulatorTest
{
    [Fact]
    public async Task Every_value_is_one_readable_line_without_the_key_or_signed_queries()
    {
        var client = Client("zhenzhen");
        var image = ImageInput.FromBytes(Pictures.Png(100));
        var task = await client.Videos.GenerateAsync(new VideoRequest("p") { Images = [image] }, cancellationToken: Token);
        await client.Videos.DownloadToDirectoryAsync(task, Folder, cancellationToken: Token);
        var storyboard = new StoryboardBuilder().AddShot("s", TimeSpan.FromSeconds(10), image).Build();
        var form = await Client("juxin").Videos.CreateAsync(storyboard, Token);
        var sequence = Simulator.Faults.On("juxin", SimulatorOperation.Query).Then(SimulatorFault.Html(502), times: 2);
        var media = Assert.Single(Simulator.Ledger.Of(SimulatorOperation.Media), request => request.StatusCode == 200);
        var file = Simulator.Ledger.Requests.Single(request => request.TaskId == form.Id).FormFiles[0];

        var values = new Dictionary<Type, object>
        {
            [typeof(Sora2Simulator)] = Simulator,
            [typeof(Sora2SimulatorOptions)] = new Sora2SimulatorOptions { ApiKey = Simulator.ApiKey },
            [typeof(SimulatorLedger)] = Simulator.Ledger,
            [typeof(SimulatorRequest)] = media,
            [typeof(SimulatorFormFile)] = file,
            [typeof(SimulatorFaults)] = Simulator.Faults,
            [typeof(SimulatorFaultSequence)] = sequence,
            [typeof(SimulatorFault)] = SimulatorFault.Html(502),
            [typeof(ScriptedStatus)] = new ScriptedStatus("\"SUCCESS\""),
        };

        Assert.Contains("?", media.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal($"media  GET {media.PathAndQuery.Split('?')[0]}  200", media.ToString());
        Assert.Equal("2 faults waiting", Simulator.Faults.ToString());
        foreach (var type in FakeSecrets.ValueTypesOf(typeof(Sora2Simulator).Assembly))
        {
            Assert.True(values.TryGetValue(type, out var value), $"Add a sample of the new type {type}.");
            var text = value.ToString()!;
            Assert.NotEqual(type.ToString(), text);
            Assert.DoesNotContain(text, char.IsControl);
            Assert.DoesNotContain(Simulator.ApiKey, text, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        }
    }
}
