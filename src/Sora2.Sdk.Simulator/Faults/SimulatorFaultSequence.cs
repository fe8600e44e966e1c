namespace Sora2.Sdk.Simulator;

/// <summary>Lines up faults for one kind of request; see <see cref="SimulatorFaults"/>.</summary>
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

    /// <summary>The next such request, after those already spoken for, meets this fault.</summary>
    /// <param name="fault">What goes wrong; <see cref="SimulatorFault.None"/> lets the request through.</param>
    /// <param name="times">For how many requests in a row; <see cref="int.MaxValue"/> is for good.</param>
    /// <returns>The same sequence.</returns>
    public SimulatorFaultSequence Then(SimulatorFault fault, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _faults.Add(_platform, _operation, fault, times);
        return this;
    }

    /// <summary>Which requests meet them.</summary>
    public override string ToString() => $"faults for {_operation} on {_platform ?? "any host"}";
}
