using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class CharacterTests : SimulatorHttpTest
{
    private const string FromUrl = """{"timestamps":"1,3","url":"https://example.com/cat.mp4"}""";

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Character_is_created_and_billed(string platform)
    {
        var reply = await CreateCharacterAsync(platform, FromUrl);

        Assert.Equal(200, reply.Status);
        Assert.Equal(Captured.Fields(Captured.Json("character-created")), Captured.Fields(reply.Json));
        Assert.Matches(@"^[a-z]+\.[a-z]+$", UsernameIn(reply));
        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal((SimulatorOperation.CreateCharacter, true, reply.TaskId), (request.Operation, request.WasBilled, request.TaskId));
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, new Uri(reply.Json.GetProperty("profile_picture_url").GetString()!))).Status);
    }

    [Theory]
    [InlineData("juxin", "zhenzhen")]
    [InlineData("zhenzhen", "juxin")]
    public async Task Finished_task_of_either_platform_is_accepted_as_source(string makes, string takes)
    {
        var id = (await CreateAsync(makes)).TaskId;
        var early = await CreateCharacterAsync(takes, $$"""{"timestamps":"0.5,2.25","from_task":"{{id}}"}""");
        Clock.Advance(TimeSpan.FromSeconds(270));
        var late = await CreateCharacterAsync(takes, $$"""{"timestamps":"0.5,2.25","from_task":"{{id}}"}""");
        var beyond = await CreateCharacterAsync(takes, $$"""{"timestamps":"9,11","from_task":"{{id}}"}""");

        Assert.Equal((400, "from_task"), (early.Status, early.ErrorField));
        Assert.Equal(200, late.Status);
        Assert.Equal((400, "timestamps"), (beyond.Status, beyond.ErrorField));
    }

    [Theory]
    [InlineData("""{"url":"https://example.com/a.mp4"}""", "timestamps")]
    [InlineData("""{"timestamps":[1,3],"url":"https://example.com/a.mp4"}""", "timestamps")]
    [InlineData("""{"timestamps":"1-3","url":"https://example.com/a.mp4"}""", "timestamps")]
    [InlineData("""{"timestamps":"1,4.5","url":"https://example.com/a.mp4"}""", "timestamps")]
    [InlineData("""{"timestamps":"1,1.5","url":"https://example.com/a.mp4"}""", "timestamps")]
    [InlineData("""{"timestamps":"-1,1","url":"https://example.com/a.mp4"}""", "timestamps")]
    [InlineData("""{"timestamps":"1,3"}""", "from_task")]
    [InlineData("""{"timestamps":"1,3","from_task":"unknown"}""", "from_task")]
    [InlineData("""{"timestamps":"1,3","from_task":"x","url":"https://example.com/a.mp4"}""", "from_task")]
    [InlineData("""{"timestamps":"1,3","url":"a.mp4"}""", "url")]
    [InlineData("[]", "body")]
    public async Task Invalid_request_is_refused_with_its_field(string body, string field)
    {
        foreach (var platform in Relays.Select(row => row.Data))
        {
            var reply = await CreateCharacterAsync(platform, body);
            Assert.Equal((400, field), (reply.Status, reply.ErrorField));
        }

        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Request_with_a_model_finds_no_channel(string platform)
    {
        var reply = await CreateCharacterAsync(platform, """{"model":"sora-2","timestamps":"1,3","url":"https://example.com/a.mp4"}""");

        Assert.Equal(404, reply.Status);
        Assert.StartsWith("channel not found", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("juxin", "zhenzhen")]
    [InlineData("zhenzhen", "juxin")]
    public async Task Character_can_be_mentioned_on_both_platforms(string makes, string mentions)
    {
        var username = UsernameIn(await CreateCharacterAsync(makes, FromUrl));

        await CreateWithPromptAsync(mentions, $"@{username} 在草地上跑, @{username} 在睡觉");

        Assert.Equal([username], Simulator.Ledger.Requests[^1].Mentions);
    }

    [Theory]
    [InlineData("@{0}在草地上跑")]
    [InlineData("小猫@{0} 在草地上跑")]
    [InlineData("@{0}, 你好")]
    public async Task Mention_without_spaces_is_not_recognised(string prompt)
    {
        var username = UsernameIn(await CreateCharacterAsync("juxin", FromUrl));

        var reply = await CreateWithPromptAsync("juxin", prompt.Replace("{0}", username, StringComparison.Ordinal));

        Assert.Equal(200, reply.Status);
        Assert.Empty(Simulator.Ledger.Requests[^1].Mentions);
    }

    [Theory]
    [InlineData("@no.body 你好", "FAILURE")]
    [InlineData("@someone 你好", "SUCCESS")]
    [InlineData("a@b.c 你好", "SUCCESS")]
    public async Task Task_that_mentions_an_unknown_character_fails(string prompt, string status)
    {
        var id = (await CreateWithPromptAsync("zhenzhen", prompt)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));

        Assert.Equal(status, (await QueryAsync("zhenzhen", id)).Json.GetProperty("status").GetString());
    }

    private Task<Reply> CreateCharacterAsync(string platform, string body) => PostAsync(platform, "/sora/v1/characters", body);

    private static string UsernameIn(Reply reply) => reply.Json.GetProperty("username").GetString()!;
}
