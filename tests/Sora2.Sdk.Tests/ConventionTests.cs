using System.Reflection;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests;

/// <summary>Rules that hold for every type of the SDK. Each test hands its rule something bad as well: a rule that finds nothing wrong anywhere is none.</summary>
public sealed class ConventionTests
{
    private static readonly Type[] All = [.. typeof(Sora2Client).Assembly.GetTypes().Where(type => !CompiledCode.IsGenerated(type))];
    private static readonly Type[] Public = [.. All.Where(type => type.IsVisible)];

    [Fact]
    public void A_public_method_to_await_ends_in_a_token() => Hold(Conventions.TokenAtTheEnd, Public, typeof(Bad.WithoutToken));

    [Fact]
    public void Only_the_options_can_be_set() => Hold(Conventions.NoSetter, Public.Where(type => type != typeof(Sora2ClientOptions)), typeof(Bad.Settable));

    [Fact]
    public void Users_can_make_every_result_and_exception_for_their_tests() => Hold(Conventions.Constructible, Public, typeof(Bad.OnlyOurs), typeof(Bad.PartlyOurs));

    [Fact]
    public void Only_the_base_of_exceptions_is_open() => Hold(Conventions.SealedUnlessMeant, Public.Where(type => type != typeof(Sora2Exception)), typeof(Bad.Open));

    [Fact]
    public void Public_types_are_in_the_SDKs_namespace_or_where_a_container_is_set_up() => Hold(
        type => type.Namespace is "Sora2.Sdk" or "Microsoft.Extensions.DependencyInjection" ? [] : [$"{type.FullName} is in a namespace of its own."], Public, typeof(Bad.Open));

    [Fact]
    public void Names_say_what_a_thing_is() => Hold(Conventions.NamedForWhatItIs, All, typeof(Bad.TaskManager));

    [Fact]
    public void Exceptions_are_the_SDKs_or_cancellations() => Hold(type => Conventions.ExceptionsOfTwoKinds(type, typeof(Sora2Exception)), Public, typeof(Bad.StrayException));

    [Fact]
    public void Nothing_is_async_void() => Hold(Conventions.NoAsyncVoid, All, typeof(Bad.AsyncVoid));

    [Fact]
    public void No_await_captures_the_callers_context() => Hold(Conventions.NoCapturedContext, All, typeof(Bad.CapturesContext));

    [Fact]
    public void The_clock_is_the_TimeProvider() => Hold(
        Conventions.NoClockButTimeProvider, All, typeof(Bad.ReadsTheClock), typeof(Bad.Sleeps), typeof(Bad.Delays), typeof(Bad.SetsATimer), typeof(Bad.GivesUpByTheMachinesClock), typeof(Bad.WaitsForALock));

    [Fact]
    public void A_token_source_that_ends_by_itself_has_the_clock() => Hold(Conventions.TokenSourcesHaveTheClock, All, typeof(Bad.EndsByTheMachinesClock));

    [Fact]
    public void Chance_comes_from_outside() => Hold(Conventions.NoChanceOfItsOwn, All.Where(type => type != typeof(Chance)), typeof(Bad.Rolls));

    // But for LINQPad, which is called by its name where it is there.
    [Fact]
    public void Nothing_needs_reflection_and_so_all_JSON_is_source_generated() => Hold(Conventions.NoReflection, All.Where(type => type != typeof(LinqPad)), typeof(Bad.SerialisesByReflection), typeof(Bad.MakesTypes));

    [Fact]
    public void Every_public_member_is_documented() => Hold(Conventions.Documented, Public, typeof(Bad.Open), typeof(Bad.Settable));

    [Fact]
    public void A_platforms_words_stand_in_its_adapter()
    {
        Type[] adapters = [typeof(JuxinPlatform), typeof(ZhenzhenPlatform)];

        // Paths, hosts, models, and the field names that are no everyday words, as the adapters themselves say them.
        var words = adapters.SelectMany(CompiledCode.MethodsOf).SelectMany(CompiledCode.NamedIn).OfType<string>()
            .Where(text => text.Contains('/', StringComparison.Ordinal) || text.Contains('_', StringComparison.Ordinal) || text.StartsWith("sora-", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string> { "/v1/video/create", "/v1/video/query?id=", "/v2/videos/generations", "input_reference", "aspect_ratio", "sora-2-all", "https://api.jxincm.cn" }, words);

        Hold(type => Conventions.NoWordOf(words, type), All.Except(adapters), typeof(Bad.KnowsAPath));
    }

    /// <summary>
    /// An error about a task or an account says which: whoever makes one names the platform, unless the type's own constructor wants it. A task store serves all platforms; its errors get theirs from the journal.
    /// </summary>
    [Fact]
    public void No_exception_goes_without_its_platform()
    {
        Hold(WithoutPlatform, All.Where(type => type != typeof(FileTaskStore)), typeof(Bad.ThrowsFromNowhere));
        Hold(DownloadsWithoutTask, All, typeof(Bad.LosesItsTask));
    }

    private static IEnumerable<string> WithoutPlatform(Type type) => Made(type, [typeof(Sora2Exception), typeof(Sora2ApiException), typeof(SubmissionUnknownException), typeof(DownloadException)], nameof(Sora2Exception.Platform));

    private static IEnumerable<string> DownloadsWithoutTask(Type type) => Made(type, [typeof(DownloadException)], nameof(Sora2Exception.TaskId));

    private static IEnumerable<string> Made(Type type, Type[] exceptions, string property) =>
        from method in CompiledCode.MethodsOf(type)
        let named = CompiledCode.NamedIn(method).OfType<MethodBase>().ToList()
        from made in named.Where(used => used.IsConstructor && exceptions.Contains(used.DeclaringType) && !method.IsConstructor)
        let makes = named.Count(used => used.IsConstructor && used.DeclaringType == made.DeclaringType)
        where named.Count(used => used.Name == "set_" + property) < makes
        select $"{method.DeclaringType}.{method.Name} makes a {made.DeclaringType!.Name} without {property}.";

    private static void Hold(Func<Type, IEnumerable<string>> rule, IEnumerable<Type> types, params Type[] bad)
    {
        Assert.All(bad, sample => Assert.NotEmpty(rule(sample)));
        var culprits = types.SelectMany(rule).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(culprits.Count == 0, string.Join(Environment.NewLine, culprits));
    }
}
