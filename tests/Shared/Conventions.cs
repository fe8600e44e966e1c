using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Sora2.Sdk.TestSupport;

/// <summary>The rules of this code base that a machine can look after, for every type at once. Each gives what breaks it.</summary>
public static class Conventions
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Whoever waits can be stopped: a public method that returns something to await takes a token at its end, which may be left out.</summary>
    public static IEnumerable<string> TokenAtTheEnd(Type type) =>
        from method in type.GetMethods(Declared)
        where IsSeenFromOutside(method) && IsAwaited(method.ReturnType) && method.Name != nameof(IAsyncDisposable.DisposeAsync)
        let last = method.GetParameters().LastOrDefault()
        where last is not { Name: "cancellationToken", IsOptional: true } || last.ParameterType != typeof(CancellationToken)
        select $"{Name(method)} does not end in CancellationToken cancellationToken = default.";

    /// <summary>What was made does not change: a property is set while its object is made, or not at all.</summary>
    public static IEnumerable<string> NoSetter(Type type) =>
        from property in type.GetProperties(Declared)
        where property.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
        select $"{type.Name}.{property.Name} can be set by anybody; init is meant.";

    /// <summary>Whoever tests an application makes what the SDK gives: with a constructor or by a method of the type, and every property that is not worked out from others.</summary>
    public static IEnumerable<string> Constructible(Type type)
    {
        if (type is { IsClass: true, IsAbstract: false } && type.GetConstructors().Length == 0 && !type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => method.ReturnType.IsAssignableTo(type)))
        {
            yield return $"{type.Name} can only be made by the SDK.";
        }

        foreach (var property in type.GetProperties(Declared).Where(property => property is { GetMethod.IsPublic: true, SetMethod.IsPublic: false }))
        {
            yield return $"{type.Name}.{property.Name} can only be set by the SDK.";
        }
    }

    /// <summary>No public type is there to be derived from by accident.</summary>
    public static IEnumerable<string> SealedUnlessMeant(Type type) =>
        type is { IsSealed: false, IsAbstract: false } ? [$"{type.Name} is neither sealed nor static, abstract or an interface."] : [];

    /// <summary>Names say what a thing is.</summary>
    public static IEnumerable<string> NamedForWhatItIs(Type type) =>
        from word in new[] { "Helper", "Manager", "Util" }
        where type.Name.Contains(word, StringComparison.Ordinal)
        select $"{type.Name} has a name that says nothing: {word}.";

    /// <summary>Exceptions are the SDK's own, or the caller's cancellation.</summary>
    public static IEnumerable<string> ExceptionsOfTwoKinds(Type type, Type family) =>
        type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(family) && !type.IsAssignableTo(typeof(OperationCanceledException))
            ? [$"{type.Name} is neither a {family.Name} nor an OperationCanceledException."]
            : [];

    /// <summary>An exception that no one can await ends the process.</summary>
    public static IEnumerable<string> NoAsyncVoid(Type type) =>
        from method in CompiledCode.MethodsOf(type)
        where method is MethodInfo { ReturnType: var result } && result == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute))
        select $"{Name(method)} is async void.";

    /// <summary>A library does not come back to its caller's thread. CA2007 says so too, but can be silenced.</summary>
    public static IEnumerable<string> NoCapturedContext(Type type) =>
        from call in CompiledCode.CallsOf(type)
        where call.Used.Name == "GetAwaiter" && IsAwaited(call.Used.DeclaringType)
            && call.User.Name != nameof(IDisposable.Dispose) // which has no other way to wait than with its thread
        select $"{Name(call.User)} awaits without ConfigureAwait, or waits for a task with its thread.";

    /// <summary>
    /// One clock, and one that a test can move. BannedSymbols.txt stops the usual slips as they are typed; this also knows the rest, and what lies in generated code.
    /// </summary>
    public static IEnumerable<string> NoClockButTimeProvider(Type type) =>
        from call in CompiledCode.CallsOf(type)
        where ReadsTheMachinesTime(call.Used)
        select $"{Name(call.User)} uses {Name(call.Used)}, which does not ask the TimeProvider.";

    /// <summary>A token source that is set to end by itself was given the clock when it was made.</summary>
    public static IEnumerable<string> TokenSourcesHaveTheClock(Type type)
    {
        var calls = CompiledCode.CallsOf(type).ToList();
        var hasTheClock = calls.Exists(call => call.Used is ConstructorInfo && call.Used.DeclaringType == typeof(CancellationTokenSource) && TakesTheClock(call.Used));
        return calls
            .Where(call => !hasTheClock && call.Used.DeclaringType == typeof(CancellationTokenSource) && call.Used.Name == nameof(CancellationTokenSource.CancelAfter))
            .Select(call => $"{Name(call.User)} calls CancelAfter, and {type.Name} makes no token source with a TimeProvider.");
    }

    /// <summary>JitterSource comes from outside, so that a test can repeat it.</summary>
    public static IEnumerable<string> NoChanceOfItsOwn(Type type) =>
        from call in CompiledCode.CallsOf(type)
        where call.Used.DeclaringType == typeof(Random) && (call.Used.Name == "get_Shared" || (call.Used is ConstructorInfo && call.Used.GetParameters().Length == 0))
        select $"{Name(call.User)} takes its chance from {Name(call.Used)}.";

    /// <summary>
    /// Nothing that trimming breaks is called: so every type that is written or read as JSON is in a source-generated context, as all other overloads are marked. The analysers say so as well, but can be silenced.
    /// </summary>
    public static IEnumerable<string> NoReflection(Type type) =>
        from call in CompiledCode.CallsOf(type)
        where new MemberInfo[] { call.Used, Definition(call.Used).DeclaringType! }.Any(member => member.IsDefined(typeof(RequiresUnreferencedCodeAttribute)) || member.IsDefined(typeof(RequiresDynamicCodeAttribute)))
        select $"{Name(call.User)} calls {Name(call.Used)}, which needs reflection.";

    /// <summary>A word of a platform stands in its adapter and nowhere else.</summary>
    public static IEnumerable<string> NoWordOf(IReadOnlySet<string> words, Type type) =>
        from method in CompiledCode.MethodsOf(type)
        from text in CompiledCode.NamedIn(method).OfType<string>()
        where words.Any(word => text.Contains(word, StringComparison.Ordinal))
        select $"{Name(method)} holds \"{text}\".";

    /// <summary>Every public type, property, field and method has its documentation. CS1591 says so too, but can be silenced.</summary>
    public static IEnumerable<string> Documented(Type type)
    {
        var written = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member").Where(member => member.HasElements).Select(member => member.Attribute("name")!.Value.Split('(')[0]).ToHashSet(StringComparer.Ordinal);
        var owner = type.FullName!.Replace('+', '.');
        return new[] { "T:" + owner }
            .Concat(type.GetMembers(Declared).Where(IsWrittenByHand).Select(member => $"{member.MemberType switch { MemberTypes.Property => 'P', MemberTypes.Field => 'F', MemberTypes.Event => 'E', _ => 'M' }}:{owner}.{member.Name.Replace('.', '#')}"))
            .Where(id => !written.Any(known => known == id || known.StartsWith(id + "`", StringComparison.Ordinal)))
            .Select(id => $"{id} has no documentation.");
    }

    private static bool IsAwaited(Type? type) => type is not null && (type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>))));

    private static bool IsSeenFromOutside(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsWrittenByHand(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: false } method => IsSeenFromOutside(method) && !member.IsDefined(typeof(CompilerGeneratedAttribute))
            && member.Name[0] != '<' && member.Name is not ("Deconstruct" or "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Dispose" or "DisposeAsync"),
        PropertyInfo property => property.GetMethod is { } getter && IsSeenFromOutside(getter) && property.Name != "EqualityContract",
        FieldInfo { IsSpecialName: false } field => field.IsPublic,
        _ => false,
    };

    private static bool TakesTheClock(MethodBase method) => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeProvider));

    private static bool TakesATime(MethodBase method) =>
        method.GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeSpan) || (parameter.ParameterType == typeof(int) && parameter.Name!.StartsWith("milliseconds", StringComparison.OrdinalIgnoreCase)));

    private static bool ReadsTheMachinesTime(MethodBase used)
    {
        var owner = used.DeclaringType;
        return owner == typeof(Stopwatch) || owner == typeof(System.Threading.Timer) || owner == typeof(System.Timers.Timer)
            || ((owner == typeof(DateTime) || owner == typeof(DateTimeOffset)) && used.Name is "get_Now" or "get_UtcNow" or "get_Today")
            || (owner == typeof(Environment) && used.Name is "get_TickCount" or "get_TickCount64")
            || (owner == typeof(Thread) && used.Name == nameof(Thread.Sleep))
            || ((owner == typeof(CancellationTokenSource) || owner == typeof(PeriodicTimer)) && used is ConstructorInfo && TakesATime(used) && !TakesTheClock(used))
            || ((IsAwaited(owner) || typeof(WaitHandle).IsAssignableFrom(owner) || owner == typeof(SemaphoreSlim) || owner == typeof(Monitor)) && used.Name is "Delay" or "WaitAsync" or "Wait" or "WaitOne" or "TryEnter" && TakesATime(used) && !TakesTheClock(used));
    }

    private static MethodBase Definition(MethodBase method) => method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : method;

    private static string Name(MethodBase method) => $"{method.DeclaringType?.FullName}.{method.Name}";
}
