using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sora2.Sdk.TestSupport;

/// <summary>The public API of an assembly as text, one line per type and member.</summary>
/// <remarks>
/// The format is close to that of Roslyn's PublicAPI.Shipped.txt: <c>!</c> and <c>?</c> are nullability, the type follows <c>-&gt;</c>.
/// Each target has a file <c>src/&lt;project&gt;/PublicAPI/&lt;target&gt;/PublicAPI.txt</c>; its changes are reviewed. The members
/// that the compiler adds to every record are implied by the word <c>record</c>, except for <c>Deconstruct</c>. Inherited members are
/// listed with their base type. Attributes are listed if users can see them and the compiler did not add them.
/// </remarks>
internal static class PublicApi
{
    private const string AcceptVariable = "SORA2_ACCEPT_PUBLIC_API";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly HashSet<string> WrittenByTheCompiler = new(StringComparer.Ordinal)
    {
        "AsyncIteratorStateMachine", "AsyncStateMachine", "CompilerFeatureRequired", "CompilerGenerated", "DebuggerStepThrough",
        "DefaultMember", "Extension", "In", "IsByRefLike", "IsReadOnly", "IsUnmanaged",
        "IteratorStateMachine", "Nullable", "NullableContext", "Optional", "Out", "ParamArray", "ParamCollection", "PreserveBaseOverrides",
        "RequiredMember", "RequiresLocation", "ScopedRef",
    };

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        { typeof(bool), "bool" }, { typeof(byte), "byte" }, { typeof(char), "char" }, { typeof(decimal), "decimal" },
        { typeof(double), "double" }, { typeof(float), "float" }, { typeof(int), "int" }, { typeof(long), "long" },
        { typeof(nint), "nint" }, { typeof(nuint), "nuint" }, { typeof(object), "object" }, { typeof(sbyte), "sbyte" },
        { typeof(short), "short" }, { typeof(string), "string" }, { typeof(uint), "uint" }, { typeof(ulong), "ulong" },
        { typeof(ushort), "ushort" }, { typeof(void), "void" },
    };

    /// <summary>Compares the assembly's API with the one in git; writes <c>PublicAPI.received.txt</c> beside it if they differ.</summary>
    /// <param name="assembly">The assembly, as built for the running target.</param>
    /// <param name="testProject">The folder of the test project, two folders below the root of the repository.</param>
    public static void Verify(Assembly assembly, string testProject)
    {
        var target = $"net{Environment.Version.Major}.0";
        var folder = Path.GetFullPath(Path.Combine(testProject, "..", "..", "src", assembly.GetName().Name!, "PublicAPI", target));
        var verified = Path.Combine(folder, "PublicAPI.txt");
        var received = Path.Combine(folder, "PublicAPI.received.txt");
        Directory.CreateDirectory(folder);

        var now = Lines(assembly);
        var before = File.Exists(verified) ? File.ReadAllLines(verified) : [];
        if (now.SequenceEqual(before, StringComparer.Ordinal))
        {
            File.Delete(received);
            return;
        }

        var accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1";
        File.WriteAllText(accept ? verified : received, string.Join('\n', now) + "\n");
        if (accept)
        {
            File.Delete(received);
            return;
        }

        var differences = before.Except(now, StringComparer.Ordinal)
            .Select(line => "- " + line)
            .Concat(now.Except(before, StringComparer.Ordinal).Select(line => "+ " + line));
        Assert.Fail($"""
            The public API of {assembly.GetName().Name} on {target} differs from the reviewed one:

            {string.Join('\n', differences)}

            If the change is intended, accept it with
                {AcceptVariable}=1 dotnet test --filter-class "*PublicApiTests" --ignore-exit-code 8
            and have the change of PublicAPI.txt reviewed. (The new listing is {received}.)
            """);
    }

    /// <summary>Returns a line per type and member, sorted by name, after the lines of the assembly's own attributes.</summary>
    public static IReadOnlyList<string> Lines(Assembly assembly)
    {
        var assemblyLines = assembly.GetCustomAttributesData()
            .Where(data => data.AttributeType == typeof(InternalsVisibleToAttribute)
                || (data.AttributeType == typeof(AssemblyMetadataAttribute)
                    && data.ConstructorArguments[0].Value is "IsTrimmable" or "IsAotCompatible"))
            .Select(data => $"[assembly: {Attribute(data)}]");
        var lines = assembly.GetTypes().Where(IsVisible).SelectMany(type => Members(type).Prepend(Line(type)));
        return
        [
            .. assemblyLines.Order(StringComparer.Ordinal),
            .. lines.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => line.Modifiers + line.Key),
        ];
    }

    private static bool IsVisible(Type type) =>
        !type.Name.Contains('<', StringComparison.Ordinal)
        && (type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)));

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && member is not MethodBase { Name: "Deconstruct" };

    private static ApiLine Line(Type type)
    {
        var kind = true switch
        {
            _ when type.IsEnum => $"enum {Name(type)} : {Name(type.GetEnumUnderlyingType())}",
            _ when IsDelegate(type) => Delegate(type),
            _ when type.IsInterface => $"interface {Name(type)}",
            _ when type.IsValueType => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "")
                + $"{(IsRecord(type) ? "record " : "")}struct {Name(type)}",
            _ => (type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")
                + $"{(IsRecord(type) ? "record" : "class")} {Name(type)}",
        };
        var at = kind.IndexOf(Name(type), StringComparison.Ordinal);
        return new(
            Attributes(type.GetCustomAttributesData()) + (type.IsNestedFamily ? "protected " : "") + kind[..at],
            kind[at..] + Bases(type) + Constraints(type.GetGenericArguments()));
    }

    private static bool IsDelegate(Type type) => typeof(Delegate).IsAssignableFrom(type);

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Declared) is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is { } print
            && print.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static string Delegate(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        return $"delegate {Name(type)}({Parameters(invoke)}) -> {Return(invoke)}";
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum || IsDelegate(type))
        {
            return "";
        }

        var inherited = type.GetInterfaces()
            .SelectMany(implemented => implemented.GetInterfaces())
            .Concat(type.BaseType?.GetInterfaces() ?? []);
        var self = typeof(IEquatable<>).MakeGenericType(type);
        var bases = type.GetInterfaces()
            .Except(inherited)
            .Where(IsListed)
            .Select(implemented => Name(implemented))
            .Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases = bases.Prepend(Name(parent)).Order(Comparer<string>.Create((_, _) => 0));
        }

        return string.Join(", ", bases) is { Length: > 0 } list ? " : " + list : "";

        bool IsListed(Type implemented) => (implemented.IsPublic || implemented.IsNestedPublic) && !(implemented == self && IsRecord(type));
    }

    private static IEnumerable<ApiLine> Members(Type type)
    {
        if (IsDelegate(type))
        {
            yield break;
        }

        foreach (var member in type.GetMembers(Declared).Where(member => !IsGenerated(member)))
        {
            var line = member switch
            {
                FieldInfo { IsSpecialName: false } field
                    when field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !type.IsSealed) => Line(field),
                ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => new(
                    Attributes(constructor.GetCustomAttributesData()) + Access(constructor),
                    $"{Name(type)}.{Name(type).Split('<')[0].Split('.')[^1]}({Parameters(constructor)}) -> void"),
                MethodInfo { IsSpecialName: false } method when IsVisible(method) => Line(method),
                MethodInfo { IsSpecialName: true } method when method.Name.StartsWith("op_", StringComparison.Ordinal) => Line(method),
                PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) => Line(property),
                EventInfo raised when IsVisible(raised.AddMethod!) => new(
                    Attributes(raised.GetCustomAttributesData()) + Access(raised.AddMethod!) + Inheritance(raised.AddMethod!),
                    $"event {Name(type)}.{raised.Name} -> "
                        + Annotated(raised.EventHandlerType!, new NullabilityInfoContext().Create(raised))),
                _ => null,
            };
            if (line is not null)
            {
                yield return line;
            }
        }
    }

    private static ApiLine Line(FieldInfo field)
    {
        var modifiers = Attributes(field.GetCustomAttributesData()) + (field.IsPublic ? "" : "protected ");
        modifiers += field.DeclaringType!.IsEnum ? ""
            : field.IsLiteral ? "const "
            : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? " = " + Value(field.GetRawConstantValue(), field.DeclaringType.IsEnum ? null : field.FieldType) : "";
        return new(
            modifiers,
            $"{Name(field.DeclaringType)}.{field.Name}{value} -> {Annotated(field.FieldType, new NullabilityInfoContext().Create(field))}");
    }

    private static ApiLine Line(MethodInfo method)
    {
        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var generic = method.IsGenericMethod ? "<" + string.Join(", ", arguments.Select(argument => argument.Name)) + ">" : "";
        return new(
            Attributes(method.GetCustomAttributesData()) + Access(method) + Inheritance(method),
            $"{Name(method.DeclaringType!)}.{method.Name}{generic}({Parameters(method)}) -> {Return(method)}{Constraints(arguments)}");
    }

    private static ApiLine Line(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToArray();
        var widest = accessors.FirstOrDefault(accessor => accessor.IsPublic) ?? accessors[0];
        var words = accessors.Select(accessor => (accessor.IsPublic == widest.IsPublic ? "" : "protected ")
            + (accessor == property.GetMethod ? "get; " : IsInit(accessor) ? "init; " : "set; "));
        var name = property.GetIndexParameters() is { Length: > 0 } ? $"this[{Parameters(property.GetIndexParameters())}]" : property.Name;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return new(
            Attributes(property.GetCustomAttributesData()) + Access(widest) + required + Inheritance(widest),
            $"{Name(property.DeclaringType!)}.{name} {{ {string.Concat(words)}}} -> {(property.PropertyType.IsByRef ? "ref " : "")}"
                + Annotated(property.PropertyType, new NullabilityInfoContext().Create(property)));

        static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Inheritance(MethodInfo method) => true switch
    {
        _ when method.IsStatic => method.IsAbstract ? "static abstract " : method.IsVirtual ? "static virtual " : "static ",
        _ when method.DeclaringType!.IsInterface => method.IsAbstract ? "" : "virtual ",
        _ when method.GetBaseDefinition() != method =>
            method.IsFinal ? "sealed override " : method.IsAbstract ? "abstract override " : "override ",
        _ when method.IsAbstract => "abstract ",
        _ when method is { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Return(MethodInfo method)
    {
        var returned = method.ReturnParameter;
        var prefix = !method.ReturnType.IsByRef ? "" : returned.IsDefined(typeof(IsReadOnlyAttribute)) ? "ref readonly " : "ref ";
        return prefix + Attributes(returned.GetCustomAttributesData())
            + Annotated(method.ReturnType, new NullabilityInfoContext().Create(returned));
    }

    private static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(ExtensionAttribute), inherit: false);
        return (isExtension ? "this " : "") + Parameters(method.GetParameters());
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
    {
        var kind = true switch
        {
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) => "params ",
            _ when !parameter.ParameterType.IsByRef => "",
            _ when parameter.IsOut => "out ",
            _ when parameter.IsDefined(typeof(IsReadOnlyAttribute)) => "in ",
            _ when parameter.GetCustomAttributesData().Any(
                data => data.AttributeType.Name == "RequiresLocationAttribute") => "ref readonly ",
            _ => "ref ",
        };
        var type = Annotated(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        var value = parameter.HasDefaultValue ? " = " + Value(parameter.DefaultValue, parameter.ParameterType) : "";
        return $"{Attributes(parameter.GetCustomAttributesData())}{kind}{type} {parameter.Name}{value}";
    }));

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Where(type => type.IsGenericParameter).Select(argument =>
    {
        var special = argument.GenericParameterAttributes;
        var isStruct = special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        string?[] words =
        [
            special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : isStruct ? "struct" : null,
            .. argument.GetGenericParameterConstraints()
                .Where(constraint => constraint != typeof(ValueType))
                .Select(constraint => Name(constraint))
                .Order(StringComparer.Ordinal),
            special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? "new()" : null,
        ];
        var list = string.Join(", ", words.OfType<string>());
        return list.Length == 0 ? "" : $" where {argument.Name} : {list}";
    }));

    private static string Attributes(IEnumerable<CustomAttributeData> attributes) =>
        string.Concat(attributes
            .Where(data => data.AttributeType.IsVisible && !IsWrittenByTheCompiler(data))
            .Select(data => $"[{Attribute(data)}] ")
            .Order(StringComparer.Ordinal));

    // On a constructor that leaves required members open, [Obsolete] is for compilers that do not know of them.
    private static bool IsWrittenByTheCompiler(CustomAttributeData data) =>
        WrittenByTheCompiler.Contains(ShortName(data))
        || (data.AttributeType == typeof(ObsoleteAttribute) && data.ConstructorArguments is [{ Value: string text }, ..]
            && text.StartsWith("Constructors of types with required members", StringComparison.Ordinal));

    private static string ShortName(CustomAttributeData data) =>
        data.AttributeType.Name.EndsWith("Attribute", StringComparison.Ordinal)
            ? data.AttributeType.Name[..^"Attribute".Length]
            : data.AttributeType.Name;

    private static string Attribute(CustomAttributeData data)
    {
        var arguments = data.ConstructorArguments.Select(Argument)
            .Concat(
                data.NamedArguments.Select(named => $"{named.MemberName} = {Argument(named.TypedValue)}").Order(StringComparer.Ordinal));
        return string.Join(", ", arguments) is { Length: > 0 } list ? $"{ShortName(data)}({list})" : ShortName(data);

        static string Argument(CustomAttributeTypedArgument argument) => argument.Value is IEnumerable and not string
            ? "[" + string.Join(", ", ((IEnumerable)argument.Value).Cast<CustomAttributeTypedArgument>().Select(Argument)) + "]"
            : Value(argument.Value, argument.ArgumentType);
    }

    private static string Value(object? value, Type? type) => value switch
    {
        null => type is { IsValueType: true } && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => '"' + text.ReplaceLineEndings("\\n").Replace("\"", "\\\"", StringComparison.Ordinal) + '"',
        bool flag => flag ? "true" : "false",
        char letter => $"'{letter}'",
        Type named => $"typeof({Name(named)})",
        _ when type is not null && (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } numbers =>
            $"{Name(numbers)}.{Enum.ToObject(numbers, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Annotated(Type type, NullabilityInfo nullability)
    {
        type = type.IsByRef ? type.GetElementType()! : type;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying, nullability.GenericTypeArguments) + "?";
        }

        // A parameter's state is what may be passed in, anything else's what comes out.
        var state = nullability.ReadState == NullabilityState.Unknown ? nullability.WriteState : nullability.ReadState;
        var mark = type.IsValueType ? "" : state switch
        {
            NullabilityState.Nullable when type.IsGenericParameter => "", // NullabilityInfo says so of every T that may be null
            NullabilityState.Nullable => "?",
            NullabilityState.NotNull when !type.IsGenericParameter => "!",
            _ => "",
        };
        return type.IsArray && nullability.ElementType is { } element
            ? Annotated(type.GetElementType()!, element) + "[" + new string(',', type.GetArrayRank() - 1) + "]" + mark
            : Name(type, nullability.GenericTypeArguments) + mark;
    }

    private static string Name(Type type, NullabilityInfo[]? nullability = null)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }

        var text = new StringBuilder(type.DeclaringType is { } outer ? Name(outer) : type.Namespace)
            .Append('.')
            .Append(type.Name.Split('`')[0]);
        var arguments = type.GetGenericArguments();
        if (arguments.Length > 0)
        {
            var annotated = nullability is { Length: > 0 } && nullability.Length == arguments.Length;
            text.Append('<').AppendJoin(
                ", ", arguments.Select((argument, at) => annotated ? Annotated(argument, nullability![at]) : Name(argument))).Append('>');
        }

        return text.ToString();
    }

    private sealed record ApiLine(string Modifiers, string Key);
}
