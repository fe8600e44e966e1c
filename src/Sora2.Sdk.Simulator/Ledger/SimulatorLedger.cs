using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Simulator;

/// <summary>The requests that reached the simulator, in the order in which they were handled.</summary>
/// <remarks>
/// A request is recorded before the client can receive its response, and also when a fault drops the connection. Safe for use by several
/// threads.
/// </remarks>
public sealed class SimulatorLedger
{
    private readonly List<SimulatorRequest> _requests = [];
    private long _cleared;
    private int _billedCreates;
    private TaskCompletionSource _grown = NewSignal();

    internal SimulatorLedger()
    {
    }

    /// <summary>The number of accepted paid requests: videos, storyboards and characters.</summary>
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

    /// <summary>Returns the number of requests and the number of billed creates as text.</summary>
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

    /// <summary>Returns the requests so far for one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="platform"><c>juxin</c>, <c>zhenzhen</c> or <c>media</c>; null for all hosts.</param>
    public IReadOnlyList<SimulatorRequest> Of(SimulatorOperation operation, string? platform = null)
    {
        lock (_requests)
        {
            return [.. _requests.Where(request => request.Operation == operation && (platform is null || request.Platform == platform))];
        }
    }

    /// <summary>Returns the number of requests so far for one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="platform"><c>juxin</c>, <c>zhenzhen</c> or <c>media</c>; null for all hosts.</param>
    public int Count(SimulatorOperation operation, string? platform = null) => Of(operation, platform).Count;

    /// <summary>Waits for the first request, recorded already or later, that matches a condition.</summary>
    /// <remarks>A test can use it in place of a sleep.</remarks>
    /// <param name="predicate">The condition.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<SimulatorRequest> WaitForAsync(
        Func<SimulatorRequest, bool> predicate,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        await foreach (var request in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (predicate(request))
            {
                return request;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Enumerates the requests so far and then each new one, until cancelled.</summary>
    /// <param name="cancellationToken">A token to cancel the operation; cancelling throws <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<SimulatorRequest> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
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

    /// <summary>Removes all requests and sets <see cref="BilledCreates"/> to zero. Tasks and characters are kept.</summary>
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
