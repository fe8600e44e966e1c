namespace Sora2.Sdk.Batches;

/// <summary>Counts the items of a batch and reports its progress, one report after the other.</summary>
internal sealed class BatchReporter(BatchOptions options, int? total, SaturationBackoff backoff, BatchStop stop)
{
    private readonly object _gate = new();
    private int _running;
    private int _downloading;
    private int _done;
    private int _failed;

    public void AddRunning(int change)
    {
        lock (_gate)
        {
            _running += change;
        }
    }

    public void AddDownloading(int change)
    {
        lock (_gate)
        {
            _downloading += change;
        }
    }

    /// <summary>Counts and reports an item that ended, unless it was never started.</summary>
    public void End(BatchItem item)
    {
        if (item.State == BatchItemState.NotStarted)
        {
            return;
        }

        lock (_gate)
        {
            _done++;
            _failed += item.State == BatchItemState.Succeeded ? 0 : 1;
            Report(item);
        }
    }

    public void Report(BatchItem item)
    {
        lock (_gate)
        {
            try
            {
                var progress = new BatchProgress
                {
                    Item = item,
                    Total = total,
                    Running = _running,
                    Downloading = _downloading,
                    Done = _done,
                    Failed = _failed,
                    PausedUntil = backoff.PausedUntil,
                };
                options.Progress?.Report(progress);
            }
            catch (Exception e)
            {
                stop.Fail(e);
                stop.Creates.Cancel();
            }
        }
    }
}
