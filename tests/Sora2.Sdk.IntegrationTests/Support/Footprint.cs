namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>What this process holds.</summary>
/// <param name="Memory">Live bytes.</param>
/// <param name="Descriptors">Files, sockets and the like; 0 where the system does not tell.</param>
internal readonly record struct Footprint(long Memory, int Descriptors)
{
    public static int OpenDescriptors => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    /// <summary>What is held once the other side has noticed that connections ended.</summary>
    /// <param name="descriptors">Waits up to five seconds for no more than so many.</param>
    public static async Task<Footprint> AtRestAsync(int descriptors)
    {
        for (var end = Environment.TickCount64 + 5000; OpenDescriptors > descriptors && Environment.TickCount64 < end;)
        {
            await Task.Yield();
        }

        return new Footprint(GC.GetTotalMemory(forceFullCollection: true), OpenDescriptors);
    }
}
