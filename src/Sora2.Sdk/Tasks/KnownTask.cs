using System.Diagnostics;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>What one client remembers of a task.</summary>
internal sealed class KnownTask
{
    private IRunningSlot? _slot;
    private int _ends;

    /// <summary>The base address that created the task, where there are several.</summary>
    public string? Address { get; set; }

    /// <summary>The span of its create.</summary>
    public ActivityContext? Span { get; set; }

    /// <summary>When it was created, as a timestamp of the client's clock.</summary>
    public long? CreatedAt { get; set; }

    /// <summary>The texts that are not to be logged.</summary>
    public PromptTexts? Prompts { get; set; }

    /// <summary>The place that the task takes among the running ones.</summary>
    public IRunningSlot? Slot => Volatile.Read(ref _slot);

    /// <summary>Leaves a slot to the task, unless it has one.</summary>
    public bool TryTakeSlot(IRunningSlot slot) => Interlocked.CompareExchange(ref _slot, slot, comparand: null) is null;

    public void ReleaseSlot() => Interlocked.Exchange(ref _slot, value: null)?.Release();

    /// <summary>Whether the end of the task is measured for the first time: it may be waited for more than once.</summary>
    public bool IsFirstEnd() => Interlocked.Increment(ref _ends) == 1;
}
