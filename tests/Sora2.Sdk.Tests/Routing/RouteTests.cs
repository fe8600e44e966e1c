using System.Text.Json;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Routing;

/// <summary>Which client and model a request goes to.</summary>
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
        // What somebody set up comes before a model that nobody chose, whatever the order.
        { "zhenzhen:sora-2-vip juxin", Plain with { Duration = TimeSpan.FromSeconds(15) }, "juxin sora-2-all" },
        { "zhenzhen:sora-2-vip", Plain with { Duration = TimeSpan.FromSeconds(15) }, "zhenzhen sora-2" },
        // A model that a platform lists is that platform's; one that none lists goes to the first, as it is.
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
    public async Task A_video_goes_to_the_first_client_that_can_make_it(string clients, VideoRequest request, string route)
    {
        var task = await Router(clients).CreateAsync(request, TestContext.Current.CancellationToken);

        var (client, model) = Assert.Single(_sent);
        Assert.Equal((route, client), ($"{client} {model}", task.Platform));
    }

    [Theory]
    [InlineData("juxin zhenzhen", 10, false, "juxin sora-2-all")]
    [InlineData("juxin zhenzhen", 25, false, "zhenzhen sora-2-pro")]
    [InlineData("zhenzhen juxin", 15, true, "zhenzhen sora-2-pro")]
    public async Task A_storyboard_goes_by_its_total(string clients, int seconds, bool highDefinition, string route)
    {
        var storyboard = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(5)).AddShot("b", TimeSpan.FromSeconds(seconds - 5)).Build() with { HighDefinition = highDefinition };

        await Router(clients).CreateAsync(storyboard, TestContext.Current.CancellationToken);

        var (client, model) = Assert.Single(_sent);
        Assert.Equal(route, $"{client} {model}");
    }

    [Fact]
    public async Task What_nobody_can_make_is_refused_before_anything_is_sent_and_says_why_for_each()
    {
        Assert.Equal(
            "None of the 2 clients can make this; nothing was sent. Juxin: Juxin makes 10 or 15 s videos with sora-2-all; 12 s is not to be had. Zhenzhen: Zhenzhen makes 10 or 15 s videos with sora-2; 12 s is not to be had.",
            await RefusalAsync("juxin zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(12) }));
        Assert.Equal(
            "None of the 2 clients can make this; nothing was sent. Juxin: Juxin makes 10 or 15 s videos with sora-2-all; 25 s needs Zhenzhen and sora-2-pro. Zhenzhen: sora-2-all is no model of Zhenzhen that is known.",
            await RefusalAsync("juxin zhenzhen", Plain with { Duration = TimeSpan.FromSeconds(25), Model = "sora-2-all" }));
    }

    [Fact]
    public async Task A_reason_that_is_the_same_for_all_is_told_once()
    {
        Assert.Equal("The prompt is empty. Say what the video shows in VideoRequest.Prompt.", await RefusalAsync("juxin zhenzhen", new VideoRequest("")));
        Assert.StartsWith("An image in the list is null.", await RefusalAsync("juxin zhenzhen", Plain with { Images = [null!] }), StringComparison.Ordinal);
        Assert.StartsWith("The storyboard has no shots.", (await Assert.ThrowsAsync<Sora2ValidationException>(() => Router("juxin zhenzhen").CreateAsync(new Storyboard { Shots = null! }))).Message, StringComparison.Ordinal);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task A_client_says_the_same_without_sending()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));
        var tooLong = Plain with { Duration = TimeSpan.FromSeconds(25) };

        client.Videos.Validate(Plain);
        client.Storyboards.Validate(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build());

        Assert.Equal((await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(tooLong))).Message, Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(tooLong)).Message);
        Assert.Throws<Sora2ValidationException>(() => client.Storyboards.Validate(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(12)).Build()));
    }

    [Fact]
    public void Slips_in_the_program_are_argument_exceptions()
    {
        using var one = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));
        using var other = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));

        Assert.Throws<ArgumentNullException>(() => new Sora2Router(null!));
        Assert.Contains("at least one client", Assert.Throws<ArgumentException>(() => new Sora2Router([])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Sora2Router([one, null!]));
        Assert.Contains("Two clients on Juxin are both named \"\"", Assert.Throws<ArgumentException>(() => new Sora2Router([one, other])).Message, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(string clients, VideoRequest request)
    {
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Router(clients).CreateAsync(request));
        Assert.Empty(_sent);
        return error.Message;
    }

    /// <summary>Clients by platform, each with a default model after a colon or without checks by an exclamation mark.</summary>
    private Sora2Router Router(string clients)
    {
        return new Sora2Router(clients.Split(' ').Select(Client));

        Sora2Client Client(string client)
        {
            var parts = client.TrimEnd('!').Split(':');
            var platform = Sora2Platform.BuiltIn.Single(known => known.Name == parts[0]);
            var made = TestClients.Create(platform, new Noting(platform, _sent), options => (options.DefaultModel, options.ValidateRequests) = (parts.ElementAtOrDefault(1), !client.EndsWith('!')));
            _clients.Add(made);
            return made;
        }
    }

    private sealed class Noting(Sora2Platform platform, List<(string Client, string Model)> sent) : HttpMessageHandler
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
