using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>
/// Random faults in random order: each create call is paid at most once, exactly when it was accepted, and only a Sora2Exception is thrown.
/// SORA2_FAULT_RUNS sets the number of random scripts.
/// </summary>
public sealed class RandomFaultTests : SimulatorTest
{
    private static readonly int Runs = int.Parse(
        Environment.GetEnvironmentVariable("SORA2_FAULT_RUNS") ?? "200", CultureInfo.InvariantCulture);

    private static readonly SimulatorFault[] OnCreates =
    [
        SimulatorFault.None, SimulatorFault.DropBeforeAccept(), SimulatorFault.DropAfterAccept(), SimulatorFault.ResetMidBody(),
        SimulatorFault.TruncatedJson(),
        SimulatorFault.RateLimited(), SimulatorFault.RateLimited(TimeSpan.FromSeconds(5)), SimulatorFault.ServerError(),
        SimulatorFault.ServerError(502), SimulatorFault.ServerError().AfterAccept(),
        SimulatorFault.Html(502), SimulatorFault.Html(200), SimulatorFault.Html(504).AfterAccept(), SimulatorFault.NestedJsonError(),
        SimulatorFault.NestedJsonError(3, 400), SimulatorFault.EmptyId(), SimulatorFault.EmptyId(500),
        SimulatorFault.Redirect(301, new Uri("http://127.0.0.1:9/")), SimulatorFault.Redirect(307, new Uri("http://127.0.0.1:9/")),
        SimulatorFault.Saturated(), SimulatorFault.Saturated(500), SimulatorFault.Saturated(503), SimulatorFault.QuotaExhausted(),
        SimulatorFault.QuotaExhausted(429), SimulatorFault.NoChannel(),
        SimulatorFault.TaskFails(), SimulatorFault.TaskFails("违反政策"),
    ];

    private static readonly SimulatorFault[] OnQueries =
    [
        SimulatorFault.None, SimulatorFault.DropBeforeAccept(), SimulatorFault.ResetMidBody(), SimulatorFault.TruncatedJson(),
        SimulatorFault.RateLimited(), SimulatorFault.RateLimited(TimeSpan.FromSeconds(7)),
        SimulatorFault.ServerError(), SimulatorFault.Html(502), SimulatorFault.Html(200), SimulatorFault.NestedJsonError(),
        SimulatorFault.TaskNotFound(), SimulatorFault.TaskNotFound(400), SimulatorFault.Saturated(),
        SimulatorFault.StatusScript(["null", "\"\"", "\"unknown\"", "102", "\"Processing\""]),
    ];

    [Fact]
    public void A_create_call_is_paid_at_most_once_and_exactly_when_it_was_accepted()
    {
        var tally = new Dictionary<string, int>(StringComparer.Ordinal);
        var accepted = 0;
        var paid = 0;
        Prop.ForAll(Scripts(), script =>
        {
            Simulator.Faults.Clear();
            Simulator.Ledger.Clear();
            foreach (var fault in script.Creates)
            {
                Simulator.Faults.On(script.Platform, script.Operation).Then(fault);
            }

            foreach (var fault in script.Queries)
            {
                Simulator.Faults.On(script.Platform, SimulatorOperation.Query).Then(fault);
            }

            var (outcome, wasAccepted) = RunAsync(script).GetAwaiter().GetResult();
            var billed = Simulator.Ledger.BilledCreates;
            Assert.True(billed <= 1, $"{outcome}: paid {billed} times");
            Assert.True(wasAccepted is not { } certain || billed == (certain ? 1 : 0), $"{outcome}: paid {billed} times");
            tally[outcome] = tally.GetValueOrDefault(outcome) + 1;
            accepted += wasAccepted == true ? 1 : 0;
            paid += billed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithQuietOnSuccess(true));

        var outcomes = tally.OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Key} {entry.Value}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Runs} create calls, {paid} paid, {accepted} accepted for sure: {string.Join(", ", outcomes)}");
        Assert.True(tally.Count > 4, "the scripts reach many outcomes");
    }

    protected override void Configure(Sora2SimulatorOptions options) => options.TaskDuration = TimeSpan.Zero;

    /// <summary>The outcome, and whether the create was accepted; null where the SDK reports that it is unknown.</summary>
    private async Task<(string Outcome, bool? WasAccepted)> RunAsync(Script script)
    {
        using var client = new Sora2Client(Quick(script.Platform));
        var wait = new WaitOptions { Timeout = TimeSpan.FromMinutes(20), PollInterval = TimeSpan.FromSeconds(10) };
        VideoTask? reported = null;
        try
        {
            if (script.Operation == SimulatorOperation.CreateCharacter)
            {
                await client.Characters.CreateAsync(
                    CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3)), Token);
            }
            else if (script.Operation == SimulatorOperation.CreateStoryboard)
            {
                reported = await client.Videos.CreateAsync(ThreeShots(ImageInput.FromBytes(TinyImages.Png)), Token);
                await client.Videos.WaitAsync(reported.Id, wait, cancellationToken: Token);
            }
            else
            {
                await client.Videos.GenerateAsync(new VideoRequest("a"), wait, new SyncProgress<VideoTask>(task => reported = task), Token);
            }

            return ("made", true);
        }
        catch (SubmissionUnknownException)
        {
            Assert.Null(reported);
            return ("unknown", null);
        }
        catch (Sora2Exception e) when (reported is not null)
        {
            Assert.Equal(reported.Id, e.TaskId);
            Assert.NotEqual(false, e.MayHaveBeenCharged);
            return ($"accepted, then {e.Kind}", true);
        }
        catch (Sora2Exception e)
        {
            Assert.Equal(false, e.MayHaveBeenCharged);
            return ($"refused: {e.Kind}", false);
        }
    }

    private Sora2ClientOptions Quick(string platform)
    {
        var options = Options(platform);
        Hurry(options);
        options.TimeProvider = new FastClock(20_000);
        (options.QueryTimeout, options.CreateTimeout, options.CharacterTimeout) =
            (TimeSpan.FromDays(7), TimeSpan.FromDays(7), TimeSpan.FromDays(7));
        return options;
    }

    private static Arbitrary<Script> Scripts() => Arb.From(
        from platform in Gen.Elements("juxin", "zhenzhen")
        from operation in Gen.Elements(
            SimulatorOperation.CreateVideo,
            SimulatorOperation.CreateVideo,
            SimulatorOperation.CreateStoryboard,
            SimulatorOperation.CreateCharacter)
        from creates in Gen.ListOf(Gen.Elements(OnCreates), 4)
        from count in Gen.Choose(0, 12)
        from queries in Gen.ListOf(Gen.Elements(OnQueries), count)
        select new Script(platform, operation, [.. creates], [.. queries]));

    private sealed record Script(string Platform, SimulatorOperation Operation, SimulatorFault[] Creates, SimulatorFault[] Queries);
}
