using System.Text.Json;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Routing;

/// <summary>The client and model that a router selects for a request.</summary>
public sealed class RouteTests : IDisposable
{
    private static readonly VideoRequest Plain = new("a");

    private readonly List<(string Client, string Model)> _sent = [];
    private readonly List<Sora2Client> _clients = [];

    public static TheoryData<string, VideoRequest, string> Routes => new()
    {
        { "juxin zhenzhen", Plain, "juxin sora-2-all" },
        { "zhenzhen juxin", Plain, "zhenzhen sora-2" },
        { "zhenzhen:sora-2-pro juxin", Plain, "zhenzhen sora-2-pro" },
        { "juxin zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(25) }, "zhenzhen sora-2-pro" },
        { "juxin zhenzhen", Plain with { HighDefinition = true }, "zhenzhen sora-2-pro" },
        { "juxin zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(25), Model = " " }, "zhenzhen sora-2-pro" },
        // A configured model comes before an automatically chosen one, in any order of the clients.
        { "zhenzhen:sora-2-vip juxin", Plain with { Duration = TimeSpan.FromSeconds(15) }, "juxin sora-2-all" },
        { "zhenzhen:sora-2-vip", Plain with { Duration = TimeSpan.FromSeconds(15) }, "zhenzhen sora-2" },
        // A model that a platform lists is sent to that platform; one that no platform lists is sent to the first client.
        { "juxin zhenzhen", Plain with { Model = "sora-2" }, "zhenzhen sora-2" },
        { "zhenzhen juxin", Plain with { Model = "sora-2-all" }, "juxin sora-2-all" },
        { "juxin zhenzhen", Plain with { Model = "veo3", Duration = TimeSpan.FromSeconds(8) }, "juxin veo3" },
        { "juxin zhenzhen", Plain with { Model = "veo3", HighDefinition = true }, "zhenzhen veo3" },
        { "juxin", Plain with { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(25) }, "juxin sora-2-pro" },
        { "juxin:veo3 zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(25) }, "juxin veo3" },
        { "juxin! zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(25) }, "juxin sora-2-all" },
    };

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Theory]
    [MemberData(nameof(Routes), DisableDiscoveryEnumeration = true)]
    public async Task Video_is_made_by_the_first_client_that_can(string clients, VideoRequest request, string route)
    {
        var task = await Router(clients).Videos.CreateAsync(request, TestContext.Current.CancellationToken);

        var (client, model) = Assert.Single(_sent);
        Assert.Equal((route, client), ($"{client} {model}", task.PlatformName));
    }

    [Theory]
    [InlineData("juxin zhenzhen", 10, false, "juxin sora-2-all")]
    [InlineData("juxin zhenzhen", 25, false, "zhenzhen sora-2-pro")]
    [InlineData("zhenzhen juxin", 15, true, "zhenzhen sora-2-pro")]
    public async Task Storyboard_is_routed_by_its_total_duration(string clients, int seconds, bool highDefinition, string route)
    {
        var storyboard = new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(5))
            .AddShot("b", TimeSpan.FromSeconds(seconds - 5))
            .Build();

        await Router(clients).Videos.CreateAsync(
            storyboard with { HighDefinition = highDefinition },
            TestContext.Current.CancellationToken);

        var (client, model) = Assert.Single(_sent);
        Assert.Equal(route, $"{client} {model}");
    }

    [Fact]
    public async Task Request_that_no_client_can_make_is_refused_with_the_reason_of_each()
    {
        Assert.Matches(
            "2 clients .*nothing was sent.* Juxin: .*12 s.* Zhenzhen: .*12 s",
            await RefusalAsync("juxin zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(12) }));
        Assert.Matches(
            "2 clients .*nothing was sent.* Juxin: .*25 s.*sora-2-pro.* Zhenzhen: sora-2-all ",
            await RefusalAsync("juxin zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(25), Model = "sora-2-all" }));
    }

    [Fact]
    public async Task Reason_that_is_the_same_for_all_is_reported_once()
    {
        var noPrompt = await RefusalAsync("juxin zhenzhen", new VideoRequest(""));
        var noImage = await RefusalAsync("juxin zhenzhen", Plain with { Images = [null!] });
        var noShots = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => Router("juxin zhenzhen").Videos.CreateAsync(new Storyboard { Shots = null! }));

        Assert.Contains("VideoRequest.Prompt", noPrompt, StringComparison.Ordinal);
        Assert.Contains("image", noImage, StringComparison.Ordinal);
        Assert.Contains("no shots", noShots.Message, StringComparison.Ordinal);
        Assert.All([noPrompt, noImage, noShots.Message], message => Assert.DoesNotContain("clients", message, StringComparison.Ordinal));
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Validate_of_a_client_refuses_the_same_without_sending()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));
        var tooLong = Plain with { Duration = TimeSpan.FromSeconds(25) };

        client.Videos.Validate(Plain);
        client.Videos.Validate(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build());

        var create = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(tooLong));
        var validate = Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(tooLong));
        var storyboard = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(12)).Build();

        Assert.Equal(create.Message, validate.Message);
        Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(storyboard));
    }

    [Fact]
    public void Programming_errors_are_argument_exceptions()
    {
        using var one = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));
        using var other = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));

        Assert.Throws<ArgumentNullException>(() => new Sora2Router(null!));
        Assert.Throws<ArgumentException>(() => new Sora2Router([]));
        Assert.Throws<ArgumentException>(() => new Sora2Router([one, null!]));
        var duplicate = Assert.Throws<ArgumentException>(() => new Sora2Router([one, other]));
        Assert.Contains("on Juxin are both named \"\"", duplicate.Message, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(string clients, VideoRequest request)
    {
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Router(clients).Videos.CreateAsync(request));
        Assert.Empty(_sent);
        return error.Message;
    }

    /// <summary>Clients by platform; a colon precedes the default model, an exclamation mark turns validation off.</summary>
    private Sora2Router Router(string clients)
    {
        return new Sora2Router(clients.Split(' ').Select(Client));

        Sora2Client Client(string client)
        {
            var parts = client.TrimEnd('!').Split(':');
            var platform = Sora2Platform.BuiltIn.Single(known => known.Name == parts[0]);
            var created = TestClients.Create(platform, new RecordingHandler(platform, _sent), options =>
            {
                options.DefaultModel = parts.ElementAtOrDefault(1);
                options.ValidateRequests = !client.EndsWith('!');
            });
            _clients.Add(created);
            return created;
        }
    }

    private sealed class RecordingHandler(Sora2Platform platform, List<(string Client, string Model)> sent) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = (await SentRequest.OfAsync(request, request.Content, cancellationToken)).Text;
            var model = body.StartsWith('{')
                ? JsonDocument.Parse(body).RootElement.GetProperty("model").GetString()!
                : body.Split("name=\"model\"\r\n\r\n")[1].Split('\r')[0];
            sent.Add((platform.Name, model));
            return StubHandler.Json(TestClients.Accepted(platform));
        }
    }
}
