namespace Sora2.Sdk.Simulator;

/// <summary>
/// The faults that wait for requests. Each request takes the first waiting fault that fits its host and its operation; requests that none fits are
/// answered as usual. Safe for any number of threads.
/// </summary>
/// <example>
/// <code>
/// simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());
/// simulator.Faults.On(SimulatorOperation.Query)
///     .Then(SimulatorFault.None)                                        // the first query is answered as usual,
///     .Then(SimulatorFault.Html(502), times: 3)                         // three meet a gateway page,
///     .Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(7)));       // one is told to wait
/// </code>
/// </example>
public sealed class SimulatorFaults
{
    private static readonly string[] Platforms = ["juxin", "zhenzhen", "media"];

    private readonly LinkedList<Waiting> _waiting = [];

    internal SimulatorFaults()
    {
    }

    /// <summary>How many faults still wait for a request.</summary>
    public long Pending
    {
        get
        {
            lock (_waiting)
            {
                return _waiting.Sum(waiting => (long)waiting.Times);
            }
        }
    }

    /// <summary>The sequence of faults for requests to one host.</summary>
    /// <param name="platform"><c>juxin</c>, <c>zhenzhen</c> or <c>media</c>; null for all.</param>
    /// <param name="operation">What the request asks for.</param>
    /// <exception cref="ArgumentException"><paramref name="platform"/> is no host of the simulator.</exception>
    public SimulatorFaultSequence On(string? platform, SimulatorOperation operation)
    {
        if (platform is not null && !Platforms.Contains(platform, StringComparer.Ordinal))
        {
            throw new ArgumentException($"The simulator's hosts are juxin, zhenzhen and media; there is no '{platform}'.", nameof(platform));
        }

        return new SimulatorFaultSequence(this, platform, operation);
    }

    /// <summary>The sequence of faults for requests to any host.</summary>
    /// <param name="operation">What the request asks for.</param>
    public SimulatorFaultSequence On(SimulatorOperation operation) => On(platform: null, operation);

    /// <summary>How many faults wait.</summary>
    public override string ToString() => FormattableString.Invariant($"{Pending} faults waiting");

    /// <summary>Forgets every waiting fault.</summary>
    public void Clear()
    {
        lock (_waiting)
        {
            _waiting.Clear();
        }
    }

    internal void Add(string? platform, SimulatorOperation operation, SimulatorFault fault, int times)
    {
        lock (_waiting)
        {
            _waiting.AddLast(new Waiting(platform, operation, fault, times));
        }
    }

    internal SimulatorFault Take(string platform, SimulatorOperation operation)
    {
        lock (_waiting)
        {
            for (var node = _waiting.First; node is not null; node = node.Next)
            {
                if (!node.Value.Fits(platform, operation))
                {
                    continue;
                }

                node.Value.Times--;
                if (node.Value.Times == 0)
                {
                    _waiting.Remove(node);
                }

                return node.Value.Fault;
            }

            return SimulatorFault.None;
        }
    }

    private sealed class Waiting(string? platform, SimulatorOperation operation, SimulatorFault fault, int times)
    {
        public SimulatorFault Fault { get; } = fault;

        public int Times { get; set; } = times;

        public bool Fits(string host, SimulatorOperation asked) => operation == asked && (platform is null || platform == host);
    }
}
