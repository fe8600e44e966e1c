using System.Net;
using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Hosting;

public sealed class KeyRotationRulesTests
{
    private const string OldKey = "test-key-juxin";
    private const string NewKey = "test-key-after";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Response_to_a_call_with_the_old_key_is_redacted_by_the_old_key()
    {
        var settings = new FakeSettings();
        var api = new StubHandler((_, _) =>
        {
            settings.Change(NewKey);
            return StubHandler.Json($$"""{ "error": "The key {{OldKey}} is not known" }""", HttpStatusCode.BadRequest);
        });
        using var client = Client(api, settings);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.DoesNotContain(OldKey, error.ToString() + error.RawBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_and_new_key_are_both_redacted_after_a_rotation()
    {
        var key = new ApiKey(OldKey);

        Assert.True(key.Rotate($" {NewKey}\n", new VirtualClock()));

        Assert.Equal(("Bearer " + NewKey, "*** and ***"), (key.Authorization.ToString(), key.Mask($"{OldKey} and {NewKey}")));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(20, false)]
    public async Task Wait_tolerates_refusals_of_a_rotated_key_for_five_minutes(int refusals, bool isTolerated)
    {
        var clock = new VirtualClock();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) => n is 0 ? StubHandler.Json("""{"status":"IN_PROGRESS"}""")
                : n <= refusals ? StubHandler.Json("""{"error":{"message":"无效的令牌"}}""", HttpStatusCode.Unauthorized)
                : StubHandler.Json("""{"status":"SUCCESS","video_url":"https://x/v.mp4"}""")),
            options => (options.TimeProvider, options.PollJitter) = (clock, 0));
        var wait = client.Videos.WaitAsync("task-1", cancellationToken: Token);
        client.Key.Rotate(NewKey, clock);

        var error = await Record.ExceptionAsync(() => clock.RunAsync(wait));

        Assert.Equal((isTolerated, isTolerated ? null : Sora2ErrorKind.Authentication), (error is null, (error as Sora2Exception)?.Kind));
        Assert.Equal(TimeSpan.FromSeconds(isTolerated ? 120 : 300), clock.Elapsed);
    }

    [Fact]
    public void Same_key_again_is_not_a_rotation()
    {
        var key = new ApiKey(OldKey);
        var before = key.Authorization;

        Assert.False(key.Rotate(OldKey + " ", new VirtualClock()));
        Assert.Same(before, key.Authorization);
    }

    [Fact]
    public async Task Change_while_the_client_was_created_is_not_missed()
    {
        var api = new StubHandler("""{"id":"t","status":"queued"}""");
        var settings = new FakeSettings();
        settings.Change(NewKey);
        using var client = Client(api, settings);

        await client.Videos.GetAsync("t", Token);

        Assert.Contains("Bearer " + NewKey, api.Sent[0].Headers, StringComparison.Ordinal);
    }

    [Fact]
    public void Latest_of_two_concurrent_reloads_wins_whichever_is_reported_last()
    {
        var settings = new FakeSettings();
        using var client = Client(new StubHandler("{}"), settings);
        settings.Change(NewKey);

        settings.Notify(new Sora2ClientOptions { ApiKey = OldKey });

        Assert.Equal(NewKey, client.Key.Authorization.Parameter);
    }

    [Fact]
    public void Exception_of_the_settings_does_not_leave_the_reload()
    {
        var settings = new FakeSettings();
        using var client = Client(new StubHandler("{}"), settings);

        settings.Throws = true;
        settings.Notify(new Sora2ClientOptions { ApiKey = NewKey });

        Assert.Equal(OldKey, client.Key.Authorization.Parameter);
    }

    [Fact]
    public void Disposed_client_is_not_notified()
    {
        var settings = new FakeSettings();
        var client = Client(new StubHandler("{}"), settings);
        Assert.Equal(1, settings.Listeners);

        client.Dispose();

        Assert.Equal(0, settings.Listeners);
    }

    private static Sora2Client Client(StubHandler api, FakeSettings settings)
    {
        var client = TestClients.Create(Sora2Platform.Juxin, api);
        client.FollowKey(settings, new Sora2ClientOptions { ApiKey = OldKey });
        return client;
    }

    private sealed class FakeSettings : IOptionsMonitor<Sora2ClientOptions>
    {
        private readonly List<Action<Sora2ClientOptions, string?>> _listeners = [];
        private Sora2ClientOptions _current = new() { ApiKey = OldKey };

        public bool Throws { get; set; }

        public int Listeners => _listeners.Count;

        public Sora2ClientOptions CurrentValue => Get("");

        public Sora2ClientOptions Get(string? name) => Throws ? throw new IOException("The settings cannot be read.") : _current;

        public IDisposable OnChange(Action<Sora2ClientOptions, string?> listener)
        {
            _listeners.Add(listener);
            return new Subscription(() => _listeners.Remove(listener));
        }

        public void Change(string key)
        {
            _current = new Sora2ClientOptions { ApiKey = key };
            Notify(_current);
        }

        public void Notify(Sora2ClientOptions options) => _listeners.ForEach(listener => listener(options, ""));

        private sealed class Subscription(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
