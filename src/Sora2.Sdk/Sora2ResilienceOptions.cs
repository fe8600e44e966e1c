namespace Sora2.Sdk;

/// <summary>Retries, circuit breakers and concurrency limits of free calls, for each host.</summary>
/// <remarks>They never apply to paid calls.</remarks>
public sealed class Sora2ResilienceOptions
{
    /// <summary>The settings for videos and images, on any host.</summary>
    /// <value>By default three retries, a circuit breaker and 32 calls at once for each host.</value>
    /// <remarks>
    /// Retries end with the response's first byte; from there on <see cref="Sora2ClientOptions.DownloadRetries"/> resumes a download. Both
    /// together make no more retries than that option allows.
    /// </remarks>
    public HttpResilienceOptions Media { get; set; } = new() { MaxRetryAttempts = 3, UseCircuitBreaker = true, PermitLimit = 32 };

    /// <summary>The settings for free API calls: polls and lists of models.</summary>
    /// <value>
    /// By default nothing: only <see cref="Sora2ClientOptions.QueryRetries"/> and <see cref="Sora2ClientOptions.QueryTimeout"/> apply.
    /// </value>
    /// <remarks>They apply below those two: each of their attempts is retried by these settings.</remarks>
    public HttpResilienceOptions Queries { get; set; } = new();

    /// <summary>Returns what applies, on one line.</summary>
    public override string ToString() => $"media: {Media}; queries: {Queries}";

    internal Sora2ResilienceOptions Copy() => new() { Media = Media.Copy(), Queries = Queries.Copy() };

    internal bool IsSameAs(Sora2ResilienceOptions other) =>
        Media?.IsSameAs(other.Media) == true && Queries?.IsSameAs(other.Queries) == true;
}
