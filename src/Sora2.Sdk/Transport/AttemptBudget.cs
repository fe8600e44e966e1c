namespace Sora2.Sdk.Transport;

/// <summary>
/// The retries and the timeout of one call. A download's own loop and the HTTP pipeline below it share the budget, so that their retries do
/// not multiply.
/// </summary>
internal sealed class AttemptBudget(int retries, TimeSpan attemptTimeout)
{
    private static readonly HttpRequestOptionsKey<AttemptBudget> Key = new("Sora2.Sdk.AttemptBudget");

    private int _retries = retries;

    /// <summary>How long a host may take to send its headers.</summary>
    public TimeSpan AttemptTimeout => attemptTimeout;

    public bool IsSpent => _retries <= 0;

    /// <summary>Called when the pipeline below is about to retry.</summary>
    public Action? RetriedBelow { get; init; }

    public static AttemptBudget? Get(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(Key, out var budget) ? budget : null;

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    /// <summary>Takes one retry. A call sends one request at a time.</summary>
    public void TakeRetry() => _retries--;
}
