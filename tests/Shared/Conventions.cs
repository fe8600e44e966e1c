using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Sora2.Sdk.TestSupport;

/// <summary>Rules for every type of an assembly. Each returns the violations of a type.</summary>
/// <remarks>
/// The clock and random numbers are checked by BannedApiAnalyzers (src/BannedSymbols.txt). What is here cannot be a banned symbol: a rule
/// depends on the shape of a declaration, on two members together, or on strings in the compiled code.
/// </remarks>
public static class Conventions
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>A public method that returns an awaitable ends in an optional cancellation token.</summary>
    public static IEnumerable<string> TokenAtTheEnd(Type type) =>
        from method in type.GetMethods(Declared)
        where IsSeenFromOutside(method) && IsAwaited(method.ReturnType) && method.Name != nameof(IAsyncDisposable.DisposeAsync)
        let last = method.GetParameters().LastOrDefault()
        where last is not { Name: "cancellationToken", IsOptional: true } || last.ParameterType != typeof(CancellationToken)
        select $"{Name(method)} does not end in CancellationToken cancellationToken = default.";

    /// <summary>Objects are immutable: a property is set by its initializer or not at all.</summary>
    public static IEnumerable<string> NoSetter(Type type) =>
        from property in type.GetProperties(Declared)
        where property.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(
            typeof(IsExternalInit))
        select $"{type.Name}.{property.Name} has a public setter; use init.";

    /// <summary>Interfaces grow by default members, and callers of a class of the SDK do not have to cast it to see one.</summary>
    public static IEnumerable<string> DefaultMembersPublic(Type type) =>
        from contract in type is { IsInterface: true } or { IsArray: true } ? [] : type.GetInterfaces()
        where contract.IsVisible && contract.Assembly == type.Assembly
        let map = type.GetInterfaceMap(contract)
        from pair in map.InterfaceMethods.Zip(map.TargetMethods)
        where !pair.First.IsAbstract && (pair.Second.DeclaringType == contract || !pair.Second.IsPublic)
        select $"{type.Name} does not implement {contract.Name}.{pair.First.Name} as a public member.";

    /// <summary>Tests of applications can create every result, with all properties that are not computed.</summary>
    public static IEnumerable<string> Constructible(Type type)
    {
        if (type is { IsClass: true, IsAbstract: false } && type.GetConstructors().Length == 0
            && !type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => method.ReturnType.IsAssignableTo(type)))
        {
            yield return $"{type.Name} can only be created by the SDK.";
        }

        var properties = type.GetProperties(Declared);
        foreach (var property in properties.Where(property => property is { GetMethod.IsPublic: true, SetMethod.IsPublic: false }))
        {
            yield return $"{type.Name}.{property.Name} can only be set by the SDK.";
        }
    }

    /// <summary>Public types are sealed unless they are meant to be derived from.</summary>
    public static IEnumerable<string> SealedUnlessMeant(Type type) =>
        type is { IsSealed: false, IsAbstract: false } ? [$"{type.Name} is neither sealed nor static, abstract or an interface."] : [];

    /// <summary>Type names are specific.</summary>
    public static IEnumerable<string> NamedForWhatItIs(Type type) =>
        from word in new[] { "Helper", "Manager", "Util" }
        where type.Name.Contains(word, StringComparison.Ordinal)
        select $"{type.Name} has an unspecific name: {word}.";

    /// <summary>Exceptions are the SDK's own or cancellations.</summary>
    public static IEnumerable<string> ExceptionsOfTwoKinds(Type type, Type family) =>
        type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(family) && !type.IsAssignableTo(typeof(OperationCanceledException))
            ? [$"{type.Name} is neither a {family.Name} nor an OperationCanceledException."]
            : [];

    /// <summary>No method is async void, since its exceptions would end the process.</summary>
    public static IEnumerable<string> NoAsyncVoid(Type type) =>
        from method in CompiledCode.MethodsOf(type)
        where method is MethodInfo { ReturnType: var result } && result == typeof(void) && method.IsDefined(
            typeof(AsyncStateMachineAttribute))
        select $"{Name(method)} is async void.";

    /// <summary>Awaits do not capture the caller's context. CA2007 reports it too, but can be suppressed.</summary>
    public static IEnumerable<string> NoCapturedContext(Type type) =>
        from call in CompiledCode.CallsOf(type)
        where call.Used.Name == "GetAwaiter" && IsAwaited(call.Used.DeclaringType)
            && call.User.Name != nameof(IDisposable.Dispose) // which can only block
        select $"{Name(call.User)} awaits without ConfigureAwait, or blocks on a task.";

    /// <summary>A type that calls CancelAfter creates its token source with the TimeProvider.</summary>
    public static IEnumerable<string> TokenSourcesHaveTheClock(Type type)
    {
        var calls = CompiledCode.CallsOf(type).ToList();
        var ofSources = calls.Where(call => call.Used.DeclaringType == typeof(CancellationTokenSource)).ToList();
        var hasTheClock = ofSources.Exists(call => call.Used is ConstructorInfo && TakesTheClock(call.Used));
        return ofSources
            .Where(call => !hasTheClock && call.Used.Name == nameof(CancellationTokenSource.CancelAfter))
            .Select(call => $"{Name(call.User)} calls CancelAfter, and {type.Name} creates no token source with a TimeProvider.");
    }

    /// <summary>No called member breaks under trimming or native compilation. Analysers report it too, but can be suppressed.</summary>
    /// <remarks>So all JSON is source-generated: the reflection-based overloads of the serializer are marked.</remarks>
    public static IEnumerable<string> NoReflection(Type type) =>
        from call in CompiledCode.CallsOf(type)
        where NeedsReflection(call.Used) || NeedsReflection(Definition(call.Used).DeclaringType!)
        select $"{Name(call.User)} calls {Name(call.Used)}, which needs reflection.";

    /// <summary>The words of a platform are used in its adapter only.</summary>
    public static IEnumerable<string> NoWordOf(IReadOnlySet<string> words, Type type) =>
        from method in CompiledCode.MethodsOf(type)
        from text in CompiledCode.NamedIn(method).OfType<string>()
        where words.Any(word => text.Contains(word, StringComparison.Ordinal))
        select $"{Name(method)} contains \"{text}\".";

    /// <summary>Public types and members are documented. CS1591 reports it too, but can be suppressed.</summary>
    public static IEnumerable<string> Documented(Type type)
    {
        var written = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"))
            .Descendants("member")
            .Where(member => member.HasElements)
            .Select(member => member.Attribute("name")!.Value.Split('(')[0])
            .ToHashSet(StringComparer.Ordinal);
        var owner = type.FullName!.Replace('+', '.');
        return new[] { "T:" + owner }
            .Concat(type.GetMembers(Declared).Where(IsWrittenByHand).Select(Id))
            .Where(id => !written.Any(known => known == id || known.StartsWith(id + "`", StringComparison.Ordinal)))
            .Select(id => $"{id} has no documentation.");

        string Id(MemberInfo member)
        {
            var kind = member.MemberType switch
            {
                MemberTypes.Property => 'P',
                MemberTypes.Field => 'F',
                MemberTypes.Event => 'E',
                _ => 'M',
            };
            return $"{kind}:{owner}.{member.Name.Replace('.', '#')}";
        }
    }

    private static bool NeedsReflection(MemberInfo member) =>
        member.IsDefined(typeof(RequiresUnreferencedCodeAttribute)) || member.IsDefined(typeof(RequiresDynamicCodeAttribute));

    private static bool IsAwaited(Type? type) => type is not null && (type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var open
            && (open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>))));

    private static bool IsSeenFromOutside(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsWrittenByHand(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: false } method => IsSeenFromOutside(method) && !member.IsDefined(typeof(CompilerGeneratedAttribute))
            && member.Name[0] != '<'
            && member.Name is not (
                "Deconstruct" or "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Dispose" or "DisposeAsync"),
        PropertyInfo property => property.GetMethod is { } getter && IsSeenFromOutside(getter) && property.Name != "EqualityContract",
        FieldInfo { IsSpecialName: false } field => field.IsPublic,
        _ => false,
    };

    private static bool TakesTheClock(MethodBase method) =>
        method.GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeProvider));

    private static MethodBase Definition(MethodBase method) =>
        method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : method;

    private static string Name(MethodBase method) => $"{method.DeclaringType?.FullName}.{method.Name}";
}
