namespace Sora2.Sdk.Tasks;

/// <summary>A place among the running tasks.</summary>
internal interface IRunningSlot
{
    /// <summary>Keeps the slot for longer, as its task is polled.</summary>
    void Extend();

    void Release();
}
