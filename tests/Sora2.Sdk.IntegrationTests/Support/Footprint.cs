namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Memory and handles of this process.</summary>
/// <param name="Memory">Live bytes.</param>
/// <param name="Descriptors">Files, sockets and the like; 0 if the system does not report them.</param>
internal readonly record struct Footprint(long Memory, int Descriptors)
{
    public static int OpenDescriptors => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    /// <summary>Measures after the other side has closed its connections.</summary>
    /// <param name="descriptors">The number to wait for, at most five seconds.</param>
    public static async Task<Footprint> AtRestAsync(int descriptors)
    {
        for (var end = Environment.TickCount64 + 5000; OpenDescriptors > descriptors && Environment.TickCount64 < end;)
        {
            await Task.Yield();
        }

        return new Footprint(GC.GetTotalMemory(forceFullCollection: true), OpenDescriptors);
    }
}
