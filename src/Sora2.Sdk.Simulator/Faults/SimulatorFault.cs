using Sora2.Sdk.Simulator.Faults;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator;

/// <summary>A fault that the simulator applies to one request.</summary>
/// <remarks>
/// Create a fault with a factory method, modify it with <see cref="AfterAccept"/>, <see cref="After"/> and <see cref="And"/>, and queue
/// it in <see cref="SimulatorFaults"/>. A fault is immutable and may be queued any number of times.
/// </remarks>
public sealed partial record SimulatorFault
{
    private readonly string _name;

    private SimulatorFault(string name) => _name = name;

    /// <summary>No fault: the request is handled as usual.</summary>
    /// <remarks>Use it to let requests pass before a fault that is meant for a later one.</remarks>
    public static SimulatorFault None { get; } = new("none") { ProcessesRequest = true };

    /// <summary>The script for the task that the request creates or queries.</summary>
    internal TaskScript? Script { get; private init; }

    internal ResponseDelivery Delivery { get; private init; } = ResponseDelivery.Complete;

    internal TimeSpan ResponseDelay { get; private init; }

    internal RangeTreatment Ranges { get; private init; }

    /// <summary>Whether the requested video is replaced by another one, starting with this request.</summary>
    internal bool ReplacesFile { get; private init; }

    /// <summary>Whether the host handles the request as usual, so that a create makes a task and is billed.</summary>
    private bool ProcessesRequest { get; init; }

    /// <summary>Creates the response that is sent in place of the usual one.</summary>
    private Func<ReceivedRequest, SimulatedResponse>? Replacement { get; init; }

    /// <summary>Changes the response before it is sent.</summary>
    private Func<SimulatedResponse, SimulatedResponse>? Transform { get; init; }

    /// <summary>Returns the same fault, applied after the platform accepted the request.</summary>
    /// <remarks>A create makes a task and is billed, whatever response the client receives.</remarks>
    public SimulatorFault AfterAccept() => this with { ProcessesRequest = true };

    /// <summary>Returns the same fault with a delayed response.</summary>
    /// <param name="delay">
    /// The delay, by the simulator's clock; <see cref="Timeout.InfiniteTimeSpan"/> never responds. The request is in the ledger before
    /// the delay.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public SimulatorFault After(TimeSpan delay)
    {
        if (delay < TimeSpan.Zero && delay != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A delay must not be negative.");
        }

        return this with { ResponseDelay = delay };
    }

    /// <summary>Combines this fault with another one, as in <c>CutBody(0.6).And(WithoutValidator())</c>.</summary>
    /// <param name="other">The other fault.</param>
    /// <remarks>Where both set the response, its delivery or its delay, <paramref name="other"/> wins.</remarks>
    public SimulatorFault And(SimulatorFault other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new($"{this} and {other}")
        {
            Script = other.Script ?? Script,
            Delivery = other.Delivery == ResponseDelivery.Complete ? Delivery : other.Delivery,
            ResponseDelay = other.ResponseDelay == TimeSpan.Zero ? ResponseDelay : other.ResponseDelay,
            Ranges = other.Ranges == RangeTreatment.Honoured ? Ranges : other.Ranges,
            ReplacesFile = ReplacesFile || other.ReplacesFile,
            ProcessesRequest = ProcessesRequest && other.ProcessesRequest,
            Replacement = other.Replacement ?? Replacement,
            Transform = Chain(Transform, other.Transform),
        };
    }

    /// <summary>Returns the name of the fault, such as <c>DropAfterAccept</c>.</summary>
    public override string ToString() => _name;

    /// <summary>Handles a request under this fault.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">The operation it asks for.</param>
    /// <param name="handle">The host's usual handling, which is called only when the request is processed.</param>
    /// <returns>The response to deliver, with what the usual handling billed.</returns>
    internal SimulatedResponse Apply(
        ReceivedRequest request,
        SimulatorOperation operation,
        Func<ReceivedRequest, SimulatorOperation, SimulatedResponse> handle)
    {
        var usual = ProcessesRequest ? handle(request, operation) : SimulatedResponse.Empty(200);
        var shown = Replacement?.Invoke(request) ?? usual;
        return (Transform?.Invoke(shown) ?? shown) with { TaskId = usual.TaskId, WasBilled = usual.WasBilled, Mentions = usual.Mentions };
    }

    private static Func<SimulatedResponse, SimulatedResponse>? Chain(
        Func<SimulatedResponse, SimulatedResponse>? first,
        Func<SimulatedResponse, SimulatedResponse>? second) =>
        first is null || second is null ? first ?? second : response => second(first(response));

    private static void RequireFraction(double fraction, string name)
    {
        if (fraction is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, fraction, "The fraction of the body to send must be at least 0 and less than 1.");
        }
    }
}
