namespace Sora2.Sdk.Downloads;

/// <summary>Tells of a download's progress at a pace that a screen can follow, with the speed of its last seconds.</summary>
internal sealed class ProgressMeter(TimeProvider clock, IProgress<DownloadProgress> progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>The first bytes of a connection come slowly, or in one burst: before this no pace can be told of them.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(500);

    /// <summary>What was there at some moments of the last seconds, the oldest first.</summary>
    private readonly Queue<(long Moment, long Bytes)> _past = [];
    private long? _told;

    /// <summary>Bytes begin to come in: from here on they count for the speed.</summary>
    public void Begin(long bytes)
    {
        _past.Clear();
        _past.Enqueue((clock.GetTimestamp(), bytes));
    }

    /// <param name="bytes">What is there.</param>
    /// <param name="total">What it will be.</param>
    /// <param name="isEnd">Whether it is told of in any case.</param>
    public void Report(long bytes, long? total, bool isEnd = false)
    {
        var now = clock.GetTimestamp();
        if (!isEnd && _told is { } told && clock.GetElapsedTime(told, now) < Pause)
        {
            return;
        }

        _told = now;
        while (_past.Count > 1 && clock.GetElapsedTime(_past.Peek().Moment, now) > Window)
        {
            _past.Dequeue();
        }

        double? speed = _past.TryPeek(out var since) && clock.GetElapsedTime(since.Moment, now) is { Ticks: > 0 } elapsed
            && (isEnd || elapsed >= LeastTime) ? (bytes - since.Bytes) / elapsed.TotalSeconds : null;
        _past.Enqueue((now, bytes));
        progress.Report(new DownloadProgress(bytes, total, speed));
    }
}
