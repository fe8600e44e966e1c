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

    /// <summary>What LINQPad shows in place of a value: what an instance method of this name returns, public or not.</summary>
    internal static object? Shown(object? value) => value is DumpContainer container ? Shown(container.Content)
        : value?.GetType().GetMethod("ToDump", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is { } toDump ? toDump.Invoke(value, null)
        : value;
}
