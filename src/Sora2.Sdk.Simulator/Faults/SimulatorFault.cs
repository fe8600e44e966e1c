namespace Sora2.Sdk.Simulator;

/// <summary>
/// One thing that goes wrong with one request. Make it with a factory method, bend it with <see cref="AfterAccept"/>, <see cref="After"/> and
/// <see cref="And"/>, and queue it in <see cref="SimulatorFaults"/>. Immutable: one fault may be queued any number of times.
/// </summary>
public sealed partial record SimulatorFault
{
    private readonly string _name;

    private SimulatorFault(string name) => _name = name;

    /// <summary>Nothing goes wrong. Lets requests through in front of the fault that is meant for a later one.</summary>
    public static SimulatorFault None { get; } = new("none") { TakesRequest = true };

    /// <summary>What happens to the task that the request makes or asks for.</summary>
    internal TaskCourse? Course { get; private init; }

    internal Delivery Delivery { get; private init; } = Delivery.Whole;

    internal TimeSpan Lateness { get; private init; }

    internal RangeTreatment Ranges { get; private init; }

    /// <summary>Whether the video asked for is another one from here on.</summary>
    internal bool ChangesFile { get; private init; }

    /// <summary>Whether the host deals with the request as usual, so that a create is made and billed.</summary>
    private bool TakesRequest { get; init; }

    /// <summary>What the client gets in place of the usual answer.</summary>
    private Func<ReceivedRequest, Answer>? Instead { get; init; }

    /// <summary>What becomes of the usual answer.</summary>
    private Func<Answer, Answer>? Rewrite { get; init; }

    /// <summary>The same fault, but the platform took the request first: a create is made and billed, whatever the client gets to see.</summary>
    public SimulatorFault AfterAccept() => this with { TakesRequest = true };

    /// <summary>The same fault, but the answer comes this much later, by the simulator's clock. The request is in the ledger before the delay.</summary>
    /// <param name="delay">How long; <see cref="Timeout.InfiniteTimeSpan"/> never answers.</param>
    public SimulatorFault After(TimeSpan delay)
    {
        if (delay < TimeSpan.Zero && delay != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A delay is not negative.");
        }

        return this with { Lateness = delay };
    }

    /// <summary>Both faults at once, as in <c>CutBody(0.6).And(WithoutValidator())</c>. Where both say how an answer is delivered, what it is or how late it comes, the other one counts.</summary>
    /// <param name="other">What goes wrong as well.</param>
    public SimulatorFault And(SimulatorFault other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new($"{this} and {other}")
        {
            Course = other.Course ?? Course,
            Delivery = other.Delivery == Delivery.Whole ? Delivery : other.Delivery,
            Lateness = other.Lateness == TimeSpan.Zero ? Lateness : other.Lateness,
            Ranges = other.Ranges == RangeTreatment.Honoured ? Ranges : other.Ranges,
            ChangesFile = ChangesFile || other.ChangesFile,
            TakesRequest = TakesRequest && other.TakesRequest,
            Instead = other.Instead ?? Instead,
            Rewrite = Then(Rewrite, other.Rewrite),
        };
    }

    /// <summary>The name of the fault, as in <c>DropAfterAccept</c>.</summary>
    public override string ToString() => _name;

    internal Answer Meet(ReceivedRequest request, SimulatorOperation operation, Func<ReceivedRequest, SimulatorOperation, Answer> handle)
    {
        var usual = TakesRequest ? handle(request, operation) : Answer.Empty(200);
        var shown = Instead?.Invoke(request) ?? usual;
        return (Rewrite?.Invoke(shown) ?? shown) with { TaskId = usual.TaskId, WasBilled = usual.WasBilled, Mentions = usual.Mentions };
    }

    private static Func<Answer, Answer>? Then(Func<Answer, Answer>? first, Func<Answer, Answer>? second) =>
        first is null || second is null ? first ?? second : answer => second(first(answer));

    private static void RequireFraction(double fraction, string name)
    {
        if (fraction is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, fraction, "The part of a body that is sent is at least 0 and less than 1.");
        }
    }
}
