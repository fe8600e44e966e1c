using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Batches;

/// <summary>Runs many requests with a limited number of tasks at a time, and yields each item when it ends.</summary>
/// <remarks>
/// Items are read one at a time, when one may soon start, and at most 2 × <see cref="BatchOptions.MaxConcurrency"/> ahead of the consumer:
/// one that stops reading results starts no more paid requests.
/// </remarks>
internal sealed class Batch : IAsyncEnumerable<BatchItem>, IDisposable
{
    private readonly IEnumerable<BatchItem> _items;
    private readonly int? _total;
    private readonly BatchOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly BatchStop _stop = new();
    private readonly BatchReporter _reporter;
    private readonly BatchItemRunner _runner;
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _ahead;
    private readonly Channel<BatchItem> _ended =
        Channel.CreateUnbounded<BatchItem>(new UnboundedChannelOptions { SingleReader = true });

    private int _wasStarted;
    private volatile bool _isAbandoned;
    private int _open = 1; // The items that have started and not ended, and the loop that starts them.

    private Batch(
        IBatchClient client,
        ClientContext context,
        IEnumerable<BatchItem> items,
        int? total,
        BatchOptions options,
        Attempting how,
        CancellationToken cancellationToken)
    {
        (_items, _total, _options, _cancellationToken) = (items, total, options, cancellationToken);
        var backoff = new SaturationBackoff(context, options.BusyTimeout);
        _reporter = new BatchReporter(options, total, backoff, _stop);
        _runner = new BatchItemRunner(client, options, how, backoff, _reporter, _stop);
        _slots = new SemaphoreSlim(options.MaxConcurrency);
        _ahead = new SemaphoreSlim(2 * options.MaxConcurrency);
    }

    /// <summary>Creates a batch of new requests.</summary>
    public static Batch Create(
        IBatchClient client,
        ClientContext context,
        IEnumerable<GenerationRequest> requests,
        BatchOptions? options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        options ??= new BatchOptions();
        options.Validate();
        var items = requests.Select((request, index) => request is null
            ? throw new ArgumentException($"Request {index} of the batch is null.", nameof(requests))
            : new BatchItem { Index = index, Request = request });
        int? total = requests.TryGetNonEnumeratedCount(out var count) ? count : null;
        return new Batch(client, context, items, total, options, new Attempting { CompletesOnceSent = true }, cancellationToken);
    }

    /// <summary>Creates a batch of those items of an earlier one that are not finished.</summary>
    public static Batch Resume(
        IBatchClient client,
        ClientContext context,
        IEnumerable<BatchItem> earlier,
        BatchOptions? options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        options ??= new BatchOptions();
        options.Validate();
        var items = earlier.ToList();
        if (items.GroupBy(item => item.Index).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException(
                $"Item #{twice.Key} is there twice. Pass only the latest state of each item: an older one may lack the id of a paid task, "
                + "and would be created and paid for again.",
                nameof(earlier));
        }

        items.RemoveAll(item => item.State == BatchItemState.Succeeded && (options.DownloadTo is null || item.Video is not null));
        var how = new Attempting { CompletesOnceSent = true, AgainIfFailed = true, AgainIfUnknown = options.CreateUnknownAgain };
        return new Batch(client, context, items, items.Count, options, how, cancellationToken);
    }

    public IAsyncEnumerator<BatchItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _wasStarted, 1) != 0)
        {
            throw new InvalidOperationException(
                "A batch can be enumerated only once: doing so again would create and pay for every video again. "
                + "Keep its items, or start another batch.");
        }

        return RunAsync(_cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _ahead.Dispose();
        _stop.Dispose();
    }

    private async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var self = this;
        using var source = _items.GetEnumerator();
        using var registration = cancellationToken.UnsafeRegister(static stop => ((BatchStop)stop!).StopAll(), _stop);
        _ = StartAllAsync(source);
        try
        {
            await foreach (var item in _ended.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                _ahead.Release();
                yield return item;
            }
        }
        finally
        {
            // The consumer may have left the loop. A create that was sent completes all the same, so that its id is reported.
            _isAbandoned = true;
            _stop.StopAll();
            _ahead.Release();
            await foreach (var _ in _ended.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
            }
        }

        if (_stop.Fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private async Task StartAllAsync(IEnumerator<BatchItem> source)
    {
        try
        {
            while (true)
            {
                await _ahead.WaitAsync(CancellationToken.None).ConfigureAwait(false);

                // After a cancellation the remaining items are still yielded as not started, unless the sequence may have no end.
                var isOver = _isAbandoned || _stop.Fault is not null || (_stop.Waits.IsCancellationRequested && _total is null);
                if (isOver || !source.MoveNext())
                {
                    return;
                }

                Interlocked.Increment(ref _open);
                await StartAsync(source.Current).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _stop.Fail(e); // The caller's sequence threw: the exception is thrown once all that runs has ended.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Starts an item when there is a slot; ends it at once if it may not start or there is nothing to do.</summary>
    private async Task StartAsync(BatchItem item)
    {
        var mayCreate = _runner.MayCreate(item);
        if (!mayCreate && item.TaskId is null)
        {
            End(item);
            return;
        }

        try
        {
            await _slots.WaitAsync((mayCreate ? _stop.Creates : _stop.Waits).Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            End(item);
            return;
        }

        _ = RunAsync(item);
    }

    private async Task RunAsync(BatchItem item)
    {
        _reporter.AddRunning(1);
        item = await _runner.FinishAsync(item).ConfigureAwait(false);
        _reporter.AddRunning(-1);
        if (_options.StopOnFatal && IsFatal(item.Error))
        {
            await _stop.Creates.CancelAsync().ConfigureAwait(false);
        }

        _slots.Release();
        End(await _runner.DownloadAsync(item).ConfigureAwait(false));
    }

    private static bool IsFatal(Exception? error) => error is Sora2ApiException { IsAccountBlocked: true } or Sora2Exception
    {
        Kind: Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.Storage,
    };

    private void End(BatchItem item)
    {
        _reporter.End(item);
        _ended.Writer.TryWrite(item);
        Close();
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _ended.Writer.Complete();
        }
    }
}
