using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Common;

/// <summary>Checks task ids, which are opaque but have to fit into a URL.</summary>
internal static class TaskIdValidator
{
    /// <summary>The longest id that fits into a URL once it is escaped.</summary>
    public const int MaxLength = 4096;

    public static void Check(string taskId, [CallerArgumentExpression(nameof(taskId))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId, name);
        if (taskId.Length > MaxLength || taskId.AsSpan().IndexOfAnyExcept('.') < 0)
        {
            var problem = taskId.Length > MaxLength ? $"has more than {MaxLength} characters" : "consists of dots only";
            throw new ArgumentException($"This is not a task id: it {problem}.", name);
        }
    }
}
