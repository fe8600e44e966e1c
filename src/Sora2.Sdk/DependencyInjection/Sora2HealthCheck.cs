using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>
/// Tells whether a platform can be reached and takes the key, by a question that costs nothing and is not repeated: it is to say how things are now. All who ask within a while share one answer.
/// </summary>
internal sealed class Sora2HealthCheck(ISora2Client client, TimeProvider clock, TimeSpan timeout, TimeSpan cacheFor) : IHealthCheck
{
    /// <summary>What is wrong may be mended soon.</summary>
    private static readonly TimeSpan LongestFailure = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private Task<Finding>? _latest;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (client is not Sora2Client ours)
        {
            return HealthCheckResult.Degraded($"The client \"{client.Name}\" is not the SDK's own and cannot be asked: nothing is known of it.");
        }

        // One that is given up leaves the question to the others.
        var finding = await Latest(ours).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new HealthCheckResult(finding.Status ?? context.Registration.FailureStatus, finding.Description, finding.Failure, new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["platform"] = client.Platform.Name,
            ["client"] = client.Name,
            ["latencyMs"] = Math.Round(finding.Latency.TotalMilliseconds, 1),
            ["checkedAt"] = finding.At,
        });
    }

    private Task<Finding> Latest(Sora2Client asked)
    {
        lock (_gate)
        {
            return _latest is { } latest && (!latest.IsCompleted || IsFresh(latest.Result)) ? latest : _latest = AskAsync(asked);
        }
    }

    private bool IsFresh(Finding finding)
    {
        var age = clock.GetElapsedTime(finding.Timestamp); // not by the time of day, which may be set back
        return age < cacheFor && (finding.Status == HealthStatus.Healthy || age < LongestFailure);
    }

    /// <summary>Never throws.</summary>
    private async Task<Finding> AskAsync(Sora2Client asked)
    {
        var began = clock.GetTimestamp();
        using var patience = new CancellationTokenSource(timeout, clock);
        try
        {
            var models = await asked.ProbeAsync(patience.Token).ConfigureAwait(false);
            return Found(HealthStatus.Healthy, string.Create(CultureInfo.InvariantCulture, $"answered in {Elapsed().TotalMilliseconds:0} ms and takes the key{(models.Count == 0 ? "" : $", for {models.Count} model{(models.Count == 1 ? "" : "s")}")}."), failure: null);
        }
        catch (Sora2Exception e) when (e.Kind is Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated)
        {
            return Found(HealthStatus.Degraded, $"can be reached and is busy: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested)
        {
            return Found(status: null, string.Create(CultureInfo.InvariantCulture, $"did not answer within {timeout.TotalSeconds:0.###} s."), e);
        }
        catch (Exception e) // whatever a handler of the host's own throws
        {
            return Found(status: null, $"cannot be used: {e.Message}", e);
        }

        TimeSpan Elapsed() => clock.GetElapsedTime(began);
        Finding Found(HealthStatus? status, string what, Exception? failure) => new(status, $"{Sora2Platform.AccountOf(client.Platform.Name, client.Name)} {what}", failure, Elapsed(), clock.GetUtcNow(), clock.GetTimestamp());
    }

    /// <param name="Status">Null for the status that the application gives to a failure.</param>
    /// <param name="Description">For a person.</param>
    /// <param name="Failure">What went wrong.</param>
    /// <param name="Latency">How long the platform took.</param>
    /// <param name="At">When it had answered.</param>
    /// <param name="Timestamp">The same, on the scale that only goes forward.</param>
    private sealed record Finding(HealthStatus? Status, string Description, Exception? Failure, TimeSpan Latency, DateTimeOffset At, long Timestamp);
}
