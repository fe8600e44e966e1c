namespace Sora2.Sdk.Simulator;

/// <summary>Queues faults for one kind of request; see <see cref="SimulatorFaults"/>.</summary>
public sealed class SimulatorFaultSequence
{
    private readonly SimulatorFaults _faults;
    private readonly string? _platform;
    private readonly SimulatorOperation _operation;

    internal SimulatorFaultSequence(SimulatorFaults faults, string? platform, SimulatorOperation operation)
    {
        _faults = faults;
        _platform = platform;
        _operation = operation;
    }

    /// <summary>Queues a fault for the next matching request that no earlier fault is queued for.</summary>
    /// <param name="fault">The fault; <see cref="SimulatorFault.None"/> lets the request pass.</param>
    /// <param name="times">The number of consecutive requests, at least 1; <see cref="int.MaxValue"/> means all of them.</param>
    /// <returns>The same sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of requests is less than 1.</exception>
    public SimulatorFaultSequence Then(SimulatorFault fault, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _faults.Add(_platform, _operation, fault, times);
        return this;
    }

    /// <summary>Returns the operation and host of the requests that the faults are for.</summary>
    public override string ToString() => $"faults for {_operation} on {_platform ?? "any host"}";
}
