using System.Reflection;
using Sora2.Sdk.Common;
using Sora2.Sdk.Display;
using Sora2.Sdk.Platforms.Juxin;
using Sora2.Sdk.Platforms.Zhenzhen;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests;

/// <summary>Rules that hold for every type of the SDK. Each test hands its rule something bad as well: a rule that finds nothing wrong anywhere is none.</summary>
public sealed class ConventionTests
{
    private static readonly Type[] All = [.. typeof(Sora2Client).Assembly.GetTypes().Where(type => !CompiledCode.IsGenerated(type))];
    private static readonly Type[] Public = [.. All.Where(type => type.IsVisible)];
    private static readonly Type[] Settings = [typeof(Sora2ClientOptions), typeof(Sora2ResilienceOptions), typeof(HttpResilienceOptions)];

    [Fact]
    public void A_public_method_to_await_ends_in_a_token() => Hold(Conventions.TokenAtTheEnd, Public, typeof(Bad.WithoutToken));

    [Fact]
    public void Only_the_options_can_be_set() => Hold(Conventions.NoSetter, Public.Where(type => !Settings.Contains(type)), typeof(Bad.Settable));

    [Fact]
    public void Users_can_make_every_result_and_exception_for_their_tests() => Hold(Conventions.Constructible, Public, typeof(Bad.OnlyOurs), typeof(Bad.PartlyOurs));

    [Fact]
    public void Only_the_base_of_exceptions_is_open() => Hold(Conventions.SealedUnlessMeant, Public.Where(type => type != typeof(Sora2Exception)), typeof(Bad.Open));

    [Fact]
    public void Public_types_are_in_the_SDKs_namespace_or_where_a_container_is_set_up() => Hold(
        type => type.Namespace is "Sora2.Sdk" or "Sora2.Sdk.Platforms" or "Microsoft.Extensions.DependencyInjection" ? [] : [$"{type.FullName} is in a namespace of its own."], Public, typeof(Bad.Open));

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
    public void Chance_comes_from_outside() => Hold(Conventions.NoChanceOfItsOwn, All.Where(type => type != typeof(JitterSource)), typeof(Bad.Rolls));

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
    /// An error about a task or an account says which: whoever makes one names the platform, and the task where it is known, unless the type's own constructor wants them. A task store serves all platforms; its
    /// errors get theirs from the journal.
    /// </summary>
    [Fact]
    public void No_exception_goes_without_its_platform_and_task()
    {
        Hold(WithoutPlatform, All.Where(type => type != typeof(FileTaskStore) && type != typeof(TaskStoreExtensions)), typeof(Bad.ThrowsFromNowhere), typeof(Bad.NamesThePlatformOfAnother));
        Hold(WithoutTask, All, typeof(Bad.LosesItsTask), typeof(Bad.LosesTheTaskItIsGiven), typeof(Bad.LosesTheTaskItWaitsFor), typeof(Bad.LosesTheTaskItIsAbout));
    }

    private static IEnumerable<string> WithoutPlatform(Type type) => MadeWithout(nameof(Sora2Exception.Platform), type, (_, _) => true);

    private static IEnumerable<string> WithoutTask(Type type) => MadeWithout(nameof(Sora2Exception.TaskId), type, (method, made) => made == typeof(DownloadException) || KnowsATask(type, method));

    /// <summary>What stands between the constructor of one exception and that of the next is what the first is set up with.</summary>
    private static IEnumerable<string> MadeWithout(string property, Type type, Func<MethodBase, Type, bool> isNeeded) =>
        from method in CompiledCode.MethodsOf(type)
        where !method.IsConstructor
        let named = CompiledCode.NamedIn(method).OfType<MethodBase>().ToList()
        from at in Enumerable.Range(0, named.Count)
        let made = named[at].DeclaringType
        where named[at].IsConstructor && (made == typeof(Sora2Exception) || made == typeof(Sora2ApiException) || made == typeof(SubmissionUnknownException) || made == typeof(DownloadException)) && isNeeded(method, made)
        where !named.Skip(at + 1).TakeWhile(used => !(used.IsConstructor && typeof(Exception).IsAssignableFrom(used.DeclaringType))).Any(used => used.DeclaringType == typeof(Sora2Exception) && used.Name == "set_" + property)
        select $"{method.DeclaringType}.{method.Name} makes a {made.Name} without {property}.";

    /// <summary>Whether a type keeps a task or its id, or a method is given one; what the compiler made of a method (a state machine, a closure, a local function) bears its name.</summary>
    private static bool KnowsATask(Type type, MethodBase method)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var given = type.GetMethods(Declared).Where(written => written == method || $"{method.DeclaringType}.{method.Name}".Contains($"<{written.Name}>", StringComparison.Ordinal)).SelectMany(written => written.GetParameters());
        return given.Any(parameter => IsATask(parameter.Name!, parameter.ParameterType)) || type.GetFields(Declared).Any(field => IsATask(field.Name, field.FieldType));
    }

    private static bool IsATask(string name, Type type) => type == typeof(VideoTask) || (type == typeof(string) && name.Contains("taskId", StringComparison.OrdinalIgnoreCase));

    private static void Hold(Func<Type, IEnumerable<string>> rule, IEnumerable<Type> types, params Type[] bad)
    {
        Assert.All(bad, sample => Assert.NotEmpty(rule(sample)));
        var culprits = types.SelectMany(rule).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(culprits.Count == 0, string.Join(Environment.NewLine, culprits));
    }
}
