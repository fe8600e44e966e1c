namespace Sora2.Sdk.Simulator;

/// <summary>The queue of faults. Each request takes the first queued fault that matches its host and operation.</summary>
/// <remarks>A request that no fault matches is handled as usual. Safe for use by several threads.</remarks>
/// <example>
/// <code>
/// simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());
/// simulator.Faults.On(SimulatorOperation.Query)
///     .Then(SimulatorFault.None)                                        // the first query gets the usual response,
///     .Then(SimulatorFault.Html(502), times: 3)                         // three get a gateway's error page,
///     .Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(7)));       // one is rate limited
/// </code>
/// </example>
public sealed class SimulatorFaults
{
    private static readonly string[] Platforms = ["juxin", "zhenzhen", "media"];

    private readonly LinkedList<QueuedFault> _queue = [];

    internal SimulatorFaults()
    {
    }

    /// <summary>The number of queued faults that no request has taken yet.</summary>
    public long Pending
    {
        get
        {
            lock (_queue)
            {
                return _queue.Sum(queued => (long)queued.Times);
            }
        }
    }

    /// <summary>Returns the sequence of faults for requests to one host.</summary>
    /// <param name="platform"><c>juxin</c>, <c>zhenzhen</c> or <c>media</c>; null for all hosts.</param>
    /// <param name="operation">The operation of the requests.</param>
    /// <exception cref="ArgumentException"><paramref name="platform"/> is not a host of the simulator.</exception>
    public SimulatorFaultSequence On(string? platform, SimulatorOperation operation)
    {
        if (platform is not null && !Platforms.Contains(platform, StringComparer.Ordinal))
        {
            throw new ArgumentException($"The simulator has no host '{platform}'; use juxin, zhenzhen or media.", nameof(platform));
        }

        return new SimulatorFaultSequence(this, platform, operation);
    }

    /// <summary>Returns the sequence of faults for requests to any host.</summary>
    /// <param name="operation">The operation of the requests.</param>
    public SimulatorFaultSequence On(SimulatorOperation operation) => On(platform: null, operation);

    /// <summary>Returns the number of queued faults as text.</summary>
    public override string ToString() => FormattableString.Invariant($"{Pending} faults waiting");

    /// <summary>Removes all queued faults.</summary>
    public void Clear()
    {
        lock (_queue)
        {
            _queue.Clear();
        }
    }

    internal void Add(string? platform, SimulatorOperation operation, SimulatorFault fault, int times)
    {
        lock (_queue)
        {
            _queue.AddLast(new QueuedFault(platform, operation, fault, times));
        }
    }

    /// <summary>Takes the first matching fault from the queue; <see cref="SimulatorFault.None"/> where there is none.</summary>
    internal SimulatorFault Dequeue(string platform, SimulatorOperation operation)
    {
        lock (_queue)
        {
            for (var node = _queue.First; node is not null; node = node.Next)
            {
                if (!node.Value.Matches(platform, operation))
                {
                    continue;
                }

                node.Value.Times--;
                if (node.Value.Times == 0)
                {
                    _queue.Remove(node);
                }

                return node.Value.Fault;
            }

            return SimulatorFault.None;
        }
    }

    private sealed class QueuedFault(string? platform, SimulatorOperation operation, SimulatorFault fault, int times)
    {
        public SimulatorFault Fault { get; } = fault;

        public int Times { get; set; } = times;

        public bool Matches(string requestHost, SimulatorOperation requestOperation) =>
            operation == requestOperation && (platform is null || platform == requestHost);
    }
}
