using System.Reflection;
using System.Reflection.Emit;

namespace Sora2.Sdk.TestSupport;

/// <summary>The members and strings that compiled code uses, including lambdas, state machines and generated code.</summary>
public static class CompiledCode
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Returns the methods and constructors of a type and of its compiler-generated types (state machines, closures).</summary>
    public static IEnumerable<MethodBase> MethodsOf(Type type) =>
        type.GetMembers(Declared).OfType<MethodBase>().Concat(type.GetNestedTypes(Declared).Where(IsGenerated).SelectMany(MethodsOf));

    /// <summary>Returns the members and strings that a method uses, in order.</summary>
    public static IEnumerable<object> NamedIn(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            yield break;
        }

        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var number = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            var opCode = Codes[number];
            at += opCode.Size;
            switch (opCode.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType:
                    yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                    break;
                case OperandType.InlineString:
                    yield return method.Module.ResolveString(BitConverter.ToInt32(code, at));
                    break;
            }

            at += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    /// <summary>Returns the methods and constructors that a type calls, each with its caller.</summary>
    public static IEnumerable<(MethodBase User, MethodBase Used)> CallsOf(Type type) =>
        MethodsOf(type).SelectMany(user => NamedIn(user).OfType<MethodBase>().Select(used => (user, used)));

    /// <summary>Whether a type is compiler-generated: a state machine or a closure.</summary>
    public static bool IsGenerated(Type type) => type.Name.Contains('<', StringComparison.Ordinal);
}
