using System.Reflection;

namespace LINQPad;

public static class Extensions
{
    public static T Dump<T>(this T value, string? description = null)
    {
        _ = description;
        Session.Current.Shown.Add(Shown(value));
        return value;
    }

    /// <summary>Returns what LINQPad shows for a value: the result of its ToDump method, public or not, if it has one.</summary>
    internal static object? Shown(object? value) => value is DumpContainer container ? Shown(container.Content)
        : value?.GetType().GetMethod("ToDump", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is { } toDump
            ? toDump.Invoke(value, null)
        : value;
}
