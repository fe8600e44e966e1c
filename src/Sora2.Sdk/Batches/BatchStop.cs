namespace Sora2.Sdk.Batches;

/// <summary>What ends a batch early: its creates alone, or its waits and downloads as well.</summary>
internal sealed class BatchStop : IDisposable
{
    private volatile Exception? _fault;

    /// <summary>Cancelled when nothing more may be created; what runs is waited for.</summary>
    public CancellationTokenSource Creates { get; } = new();

    /// <summary>Cancelled when waits and downloads end as well; the tasks continue at the platform.</summary>
    public CancellationTokenSource Waits { get; } = new();

    /// <summary>The first exception of the caller's own code, thrown once all that runs has ended.</summary>
    public Exception? Fault => _fault;

    public void Fail(Exception e) => _fault ??= e;

    public void StopAll()
    {
        Creates.Cancel(); // First: a wait that ends frees a slot, in which no other create may start.
        Waits.Cancel();
    }

    public void Dispose()
    {
        Creates.Dispose();
        Waits.Dispose();
    }
}
