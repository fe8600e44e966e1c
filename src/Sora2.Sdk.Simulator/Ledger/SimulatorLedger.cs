using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Simulator;

/// <summary>
/// Every request that reached the simulator, in the order in which it was dealt with. A request stands here before the client can see its answer,
/// and also when a fault drops the connection. Safe for any number of threads.
/// </summary>
public sealed class SimulatorLedger
{
    private readonly List<SimulatorRequest> _requests = [];
    private long _cleared;
    private int _billedCreates;
    private TaskCompletionSource _grown = NewSignal();

    internal SimulatorLedger()
    {
    }

    /// <summary>How many paid requests were accepted: videos, storyboards and characters.</summary>
    public int BilledCreates
    {
        get
        {
            lock (_requests)
            {
                return _billedCreates;
            }
        }
    }

    /// <summary>How many requests came, and how many of them were billed.</summary>
    public override string ToString() => FormattableString.Invariant($"{Requests.Count} requests, {BilledCreates} billed creates");

    /// <summary>A copy of the requests so far.</summary>
    public IReadOnlyList<SimulatorRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The requests so far that asked for <paramref name="operation"/>.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="platform"><c>juxin</c>, <c>zhenzhen</c> or <c>media</c>; null for all.</param>
    public IReadOnlyList<SimulatorRequest> Of(SimulatorOperation operation, string? platform = null)
    {
        lock (_requests)
        {
            return [.. _requests.Where(request => request.Operation == operation && (platform is null || request.Platform == platform))];
        }
    }

    /// <summary>How many requests so far asked for <paramref name="operation"/>.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="platform"><c>juxin</c>, <c>zhenzhen</c> or <c>media</c>; null for all.</param>
    public int Count(SimulatorOperation operation, string? platform = null) => Of(operation, platform).Count;

    /// <summary>The first request, of those here and those to come, that fits. Lets a test wait for a request without sleeping.</summary>
    /// <param name="fits">Says whether a request is the one waited for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<SimulatorRequest> WaitForAsync(Func<SimulatorRequest, bool> fits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fits);
        await foreach (var request in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (fits(request))
            {
                return request;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>The requests here and then every one to come, until cancelled.</summary>
    /// <param name="cancellationToken">Ends the watching with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<SimulatorRequest> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long next = 0;
        while (true)
        {
            SimulatorRequest[] fresh;
            Task grown;
            lock (_requests)
            {
                next = Math.Max(next, _cleared);
                fresh = [.. _requests.Skip((int)(next - _cleared))];
                next += fresh.Length;
                grown = _grown.Task;
            }

            foreach (var request in fresh)
            {
                yield return request;
            }

            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets all requests and sets <see cref="BilledCreates"/> to zero. Tasks and characters stay.</summary>
    public void Clear()
    {
        lock (_requests)
        {
            _cleared += _requests.Count;
            _requests.Clear();
            _billedCreates = 0;
        }
    }

    internal void Record(SimulatorRequest request)
    {
        TaskCompletionSource grown;
        lock (_requests)
        {
            _requests.Add(request);
            _billedCreates += request.WasBilled ? 1 : 0;
            grown = _grown;
            _grown = NewSignal();
        }

        grown.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
