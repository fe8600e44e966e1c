namespace Sora2.Sdk;

/// <summary>Retries, circuit breaker and concurrency limit of free calls, for each host. Paid calls are never touched.</summary>
public sealed class Sora2ResilienceOptions
{
    /// <summary>For videos and images, from whichever host they are fetched.</summary>
    /// <value>Three retries, a circuit breaker and 32 at a time for each host.</value>
    /// <remarks>
    /// Retries end with the response's first byte; from there on <see cref="Sora2ClientOptions.DownloadRetries"/> resumes a download. Both
    /// together retry no more often than that option says.
    /// </remarks>
    public HttpResilienceOptions Media { get; set; } = new() { MaxRetryAttempts = 3, UseCircuitBreaker = true, PermitLimit = 32 };

    /// <summary>For free API calls: polls and lists of models.</summary>
    /// <value>Nothing: <see cref="Sora2ClientOptions.QueryRetries"/> and <see cref="Sora2ClientOptions.QueryTimeout"/> apply.</value>
    /// <remarks>What is set here works below those two: each attempt of theirs then is retried again.</remarks>
    public HttpResilienceOptions Queries { get; set; } = new();

    /// <summary>One readable line of what applies.</summary>
    public override string ToString() => $"media: {Media}; queries: {Queries}";

    internal Sora2ResilienceOptions Copy() => new() { Media = Media.Copy(), Queries = Queries.Copy() };

    internal bool IsSameAs(Sora2ResilienceOptions other) => Media.IsSameAs(other.Media) && Queries.IsSameAs(other.Queries);
}
