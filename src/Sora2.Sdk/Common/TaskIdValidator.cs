using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Common;

/// <summary>Ids are opaque, but what cannot stand in an address is none.</summary>
internal static class TaskIdValidator
{
    /// <summary>Nothing longer fits into an address once it is escaped.</summary>
    public const int MaxLength = 4096;

    public static void Check(string taskId, [CallerArgumentExpression(nameof(taskId))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId, name);
        if (taskId.Length > MaxLength || taskId.AsSpan().IndexOfAnyExcept('.') < 0)
        {
            throw new ArgumentException($"This is no task id: it {(taskId.Length > MaxLength ? $"has more than {MaxLength} letters" : "is made of dots only")}.", name);
        }
    }
}
