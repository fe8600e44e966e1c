using System.Reflection;
using Sora2.Sdk.Display;
using Sora2.Sdk.Platforms.Juxin;
using Sora2.Sdk.Platforms.Zhenzhen;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests;

/// <summary>Rules for every type of the SDK. Each test also runs its rule on a type that violates it.</summary>
public sealed class ConventionTests
{
    private static readonly Type[] All = [.. typeof(Sora2Client).Assembly.GetTypes().Where(type => !CompiledCode.IsGenerated(type))];
    private static readonly Type[] Public = [.. All.Where(type => type.IsVisible)];
    private static readonly Type?[] Checked =
        [typeof(Sora2Exception), typeof(Sora2ApiException), typeof(SubmissionUnknownException), typeof(DownloadException)];

    private static readonly Type[] Settings = [typeof(Sora2ClientOptions), typeof(Sora2ResilienceOptions), typeof(HttpResilienceOptions)];

    [Fact]
    public void Public_async_methods_end_in_a_token() => Hold(Conventions.TokenAtTheEnd, Public, typeof(Bad.WithoutToken));

    [Fact]
    public void Only_options_have_setters() =>
        Hold(Conventions.NoSetter, Public.Where(type => !Settings.Contains(type)), typeof(Bad.Settable));

    [Fact]
    public void Default_members_of_interfaces_are_public_on_every_class_of_the_SDK() =>
        Hold(Conventions.DefaultMembersPublic, All, typeof(Bad.WithHiddenDefault));

    [Fact]
    public void Users_can_create_every_result_and_exception() =>
        Hold(Conventions.Constructible, Public, typeof(Bad.NotConstructible), typeof(Bad.PartlyConstructible));

    [Fact]
    public void Public_types_are_sealed_except_for_the_base_of_exceptions() =>
        Hold(Conventions.SealedUnlessMeant, Public.Where(type => type != typeof(Sora2Exception)), typeof(Bad.Open));

    [Fact]
    public void Public_types_are_in_three_namespaces() => Hold(
        type => type.Namespace is "Sora2.Sdk" or "Sora2.Sdk.Platforms" or "Microsoft.Extensions.DependencyInjection"
            ? []
            : [$"{type.FullName} is in another namespace."],
        Public,
        typeof(Bad.Open));

    [Fact]
    public void Names_are_specific() => Hold(Conventions.NamedForWhatItIs, All, typeof(Bad.TaskManager));

    [Fact]
    public void Exceptions_are_the_SDKs_or_cancellations() =>
        Hold(type => Conventions.ExceptionsOfTwoKinds(type, typeof(Sora2Exception)), Public, typeof(Bad.StrayException));

    [Fact]
    public void Nothing_is_async_void() => Hold(Conventions.NoAsyncVoid, All, typeof(Bad.AsyncVoid));

    [Fact]
    public void Awaits_do_not_capture_the_callers_context() => Hold(Conventions.NoCapturedContext, All, typeof(Bad.CapturesContext));

    [Fact]
    public void Token_sources_with_a_timeout_have_the_clock() =>
        Hold(Conventions.TokenSourcesHaveTheClock, All, typeof(Bad.CancelsBySystemClock));

    // Except for LINQPad, whose API is called by name if it is loaded.
    [Fact]
    public void Nothing_needs_reflection_and_so_all_JSON_is_source_generated() => Hold(
        Conventions.NoReflection,
        All.Where(type => type != typeof(LinqPad)),
        typeof(Bad.SerialisesByReflection),
        typeof(Bad.MakesTypes));

    [Fact]
    public void Public_members_are_documented() => Hold(Conventions.Documented, Public, typeof(Bad.Open), typeof(Bad.Settable));

    [Fact]
    public void Words_of_a_platform_are_used_in_its_adapter_only()
    {
        Type[] adapters = [typeof(JuxinPlatform), typeof(ZhenzhenPlatform)];

        // The paths, hosts, models and distinctive field names that the adapters contain.
        var words = adapters.SelectMany(CompiledCode.MethodsOf).SelectMany(CompiledCode.NamedIn).OfType<string>()
            .Where(text => text.AsSpan().ContainsAny('/', '_') || text.StartsWith("sora-", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        HashSet<string> some =
        [
            "/v1/video/create", "/v1/video/query?id=", "/v2/videos/generations", "input_reference", "aspect_ratio", "sora-2-all",
            "https://api.jxincm.cn",
        ];
        Assert.Superset(some, words);

        Hold(type => Conventions.NoWordOf(words, type), All.Except(adapters), typeof(Bad.KnowsAPath));
    }

    /// <summary>Code that creates an exception sets its platform, and its task if known, unless the constructor takes them.</summary>
    /// <remarks>A task store serves all platforms; the journal adds the platform to its errors.</remarks>
    [Fact]
    public void Exceptions_have_their_platform_and_task()
    {
        Hold(
            WithoutPlatform,
            All.Where(type => type != typeof(FileTaskStore) && type != typeof(TaskStoreActions)),
            typeof(Bad.ThrowsWithoutPlatform),
            typeof(Bad.NamesThePlatformOfAnother));
        Hold(
            WithoutTask,
            All,
            typeof(Bad.LosesItsTask),
            typeof(Bad.LosesTheTaskItIsGiven),
            typeof(Bad.LosesTheTaskItWaitsFor),
            typeof(Bad.LosesTheTaskItIsAbout));
    }

    private static IEnumerable<string> WithoutPlatform(Type type) => MadeWithout(nameof(Sora2Exception.PlatformName), type, (_, _) => true);

    private static IEnumerable<string> WithoutTask(Type type) => MadeWithout(
        nameof(Sora2Exception.TaskId), type, (method, made) => made == typeof(DownloadException) || KnowsATask(type, method));

    /// <summary>Finds exceptions that are created without a property.</summary>
    /// <remarks>The setters between the constructor of one exception and that of the next belong to the first.</remarks>
    private static IEnumerable<string> MadeWithout(string property, Type type, Func<MethodBase, Type, bool> isNeeded) =>
        from method in CompiledCode.MethodsOf(type)
        where !method.IsConstructor
        let named = CompiledCode.NamedIn(method).OfType<MethodBase>().ToList()
        from at in Enumerable.Range(0, named.Count)
        let made = named[at].DeclaringType
        where named[at].IsConstructor && Checked.Contains(made) && isNeeded(method, made!)
        let setters = named.Skip(at + 1).TakeWhile(used => !used.IsConstructor || !typeof(Exception).IsAssignableFrom(used.DeclaringType))
        where !setters.Any(used => used.DeclaringType == typeof(Sora2Exception) && used.Name == "set_" + property)
        select $"{method.DeclaringType}.{method.Name} creates a {made!.Name} without {property}.";

    /// <summary>Whether a type has a task or its id in a field, or a method has it as a parameter.</summary>
    private static bool KnowsATask(Type type, MethodBase method)
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

        // Compiler-generated state machines, closures and local functions contain the name of their method.
        var name = $"{method.DeclaringType}.{method.Name}";
        var parameters = type.GetMethods(Declared)
            .Where(written => written == method || name.Contains($"<{written.Name}>", StringComparison.Ordinal))
            .SelectMany(written => written.GetParameters());
        return parameters.Any(parameter => IsATask(parameter.Name!, parameter.ParameterType))
            || type.GetFields(Declared).Any(field => IsATask(field.Name, field.FieldType));
    }

    private static bool IsATask(string name, Type type) =>
        type == typeof(VideoTask) || (type == typeof(string) && name.Contains("taskId", StringComparison.OrdinalIgnoreCase));

    private static void Hold(Func<Type, IEnumerable<string>> rule, IEnumerable<Type> types, params Type[] bad)
    {
        Assert.All(bad, sample => Assert.NotEmpty(rule(sample)));
        var culprits = types.SelectMany(rule).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(culprits.Count == 0, string.Join(Environment.NewLine, culprits));
    }
}
