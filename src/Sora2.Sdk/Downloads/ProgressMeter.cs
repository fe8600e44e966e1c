namespace Sora2.Sdk.Downloads;

/// <summary>Reports a download's progress at a rate that a screen can follow, with the speed of the last seconds.</summary>
internal sealed class ProgressMeter(TimeProvider clock, IProgress<DownloadProgress> progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>The first bytes of a connection come slowly or in one burst: before this no speed is reported.</summary>
    private static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(500);

    /// <summary>The bytes received at some moments of the last seconds, the oldest first.</summary>
    private readonly Queue<(long Moment, long Bytes)> _past = [];
    private long? _lastReport;

    /// <summary>Starts measuring the speed of a connection.</summary>
    public void Begin(long bytes)
    {
        _past.Clear();
        _past.Enqueue((clock.GetTimestamp(), bytes));
    }

    /// <param name="bytes">The bytes received.</param>
    /// <param name="total">The bytes of the whole video, if that is known.</param>
    /// <param name="isEnd">Whether this is the last report, which is never left out.</param>
    public void Report(long bytes, long? total, bool isEnd = false)
    {
        var now = clock.GetTimestamp();
        if (!isEnd && _lastReport is { } last && clock.GetElapsedTime(last, now) < Interval)
        {
            return;
        }

        _lastReport = now;
        while (_past.Count > 1 && clock.GetElapsedTime(_past.Peek().Moment, now) > Window)
        {
            _past.Dequeue();
        }

        double? speed = _past.TryPeek(out var since) && clock.GetElapsedTime(since.Moment, now) is { Ticks: > 0 } elapsed
            && (isEnd || elapsed >= MinTime) ? (bytes - since.Bytes) / elapsed.TotalSeconds : null;
        _past.Enqueue((now, bytes));
        progress.Report(new DownloadProgress { BytesReceived = bytes, TotalBytes = total, BytesPerSecond = speed });
    }
}
