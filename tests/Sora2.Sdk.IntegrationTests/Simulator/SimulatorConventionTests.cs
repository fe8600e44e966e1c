using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The conventions of the SDK's types, applied to the simulator's types, which users' tests depend on.</summary>
/// <remarks>The SDK's own convention tests show that each rule can fail.</remarks>
public sealed class SimulatorConventionTests
{
    private static readonly Type[] All = [.. typeof(Sora2Simulator).Assembly.GetTypes().Where(type => !CompiledCode.IsGenerated(type))];

    public static TheoryData<string> Rules => [.. Named.Keys];

    private static Dictionary<string, Func<Type, IEnumerable<string>>> Named { get; } = new(StringComparer.Ordinal)
    {
        ["public async methods end in a token"] = OfPublic(Conventions.TokenAtTheEnd),
        ["only the options can be set"] = OfPublic(type => type == typeof(Sora2SimulatorOptions) ? [] : Conventions.NoSetter(type)),
        ["public types are sealed"] = OfPublic(Conventions.SealedUnlessMeant),
        ["public types are in one namespace"] = OfPublic(type => type.Namespace == "Sora2.Sdk.Simulator" ? [] : [type.FullName!]),
        ["public members are documented"] = OfPublic(Conventions.Documented),
        ["names are specific"] = Conventions.NamedForWhatItIs,
        ["nothing is async void"] = Conventions.NoAsyncVoid,

        // MultipartBody reads from memory, so its tasks are already complete.
        ["no await captures the caller's context"] = type => type.Name == "MultipartBody" ? [] : Conventions.NoCapturedContext(type),
        ["token sources have the clock"] = Conventions.TokenSourcesHaveTheClock,
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_type_keeps_the_rule(string rule)
    {
        var culprits = All.SelectMany(Named[rule]).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(culprits.Count == 0, string.Join(Environment.NewLine, culprits));
    }

    private static Func<Type, IEnumerable<string>> OfPublic(Func<Type, IEnumerable<string>> rule) =>
        type => type.IsVisible ? rule(type) : [];
}
