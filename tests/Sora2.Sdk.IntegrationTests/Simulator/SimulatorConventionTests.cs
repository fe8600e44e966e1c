using Sora2.Sdk.Platforms;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>What holds for the SDK's types holds for the simulator's, which users' tests build upon. That each rule can find something is shown beside the SDK's tests.</summary>
public sealed class SimulatorConventionTests
{
    private static readonly Type[] All = [.. typeof(Sora2Simulator).Assembly.GetTypes().Where(type => !CompiledCode.IsGenerated(type))];

    public static TheoryData<string> Rules => [.. Named.Keys];

    private static Dictionary<string, Func<Type, IEnumerable<string>>> Named { get; } = new(StringComparer.Ordinal)
    {
        ["a public method to await ends in a token"] = OfPublic(Conventions.TokenAtTheEnd),
        ["only the options can be set"] = OfPublic(type => type == typeof(Sora2SimulatorOptions) ? [] : Conventions.NoSetter(type)),
        ["public types are sealed"] = OfPublic(Conventions.SealedUnlessMeant),
        ["public types are in one namespace"] = OfPublic(type => type.Namespace == "Sora2.Sdk.Simulator" ? [] : [type.FullName!]),
        ["public members are documented"] = OfPublic(Conventions.Documented),
        ["names say what a thing is"] = Conventions.NamedForWhatItIs,
        ["nothing is async void"] = Conventions.NoAsyncVoid,
        ["no await captures the caller's context"] = type => type.Name == "MultipartBody" ? [] : Conventions.NoCapturedContext(type), // its tasks are complete: all bytes are there
        ["the clock is the TimeProvider"] = type => [.. Conventions.NoClockButTimeProvider(type), .. Conventions.TokenSourcesHaveTheClock(type)],
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_type_keeps_the_rule(string rule)
    {
        var culprits = All.SelectMany(Named[rule]).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(culprits.Count == 0, string.Join(Environment.NewLine, culprits));
    }

    private static Func<Type, IEnumerable<string>> OfPublic(Func<Type, IEnumerable<string>> rule) => type => type.IsVisible ? rule(type) : [];
}
