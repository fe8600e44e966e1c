using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>Checks whether a platform can be reached and accepts the key.</summary>
/// <remarks>
/// The request is free of charge and is not retried, because the check reports the present state. Everyone who checks within a while shares
/// one result.
/// </remarks>
internal sealed class Sora2HealthCheck(ISora2Client client, TimeProvider clock, TimeSpan timeout, TimeSpan cacheFor) : IHealthCheck
{
    /// <summary>How long a result that is not healthy is reused: the fault may end soon.</summary>
    private static readonly TimeSpan LongestFailure = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private Task<Probe>? _latest;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (client is not Sora2Client own)
        {
            return HealthCheckResult.Degraded($"The client \"{client.Name}\" is not the SDK's own, so that its state is unknown.");
        }

        // Cancelling one check leaves the probe to the others.
        var probe = await GetProbeAsync(own).WaitAsync(cancellationToken).ConfigureAwait(false);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["platform"] = client.PlatformName,
            ["client"] = client.Name,
            ["latencyMs"] = Math.Round(probe.Latency.TotalMilliseconds, 1),
            ["checkedAt"] = probe.At,
        };
        return new HealthCheckResult(probe.Status ?? context.Registration.FailureStatus, probe.Description, probe.Failure, data);
    }

    private Task<Probe> GetProbeAsync(Sora2Client own)
    {
        lock (_gate)
        {
            return _latest is { } latest && (!latest.IsCompleted || IsFresh(latest.Result)) ? latest : _latest = ProbeAsync(own);
        }
    }

    private bool IsFresh(Probe probe)
    {
        var age = clock.GetElapsedTime(probe.Timestamp); // Not from the time of day, which may be set back.
        return age < cacheFor && (probe.Status == HealthStatus.Healthy || age < LongestFailure);
    }

    /// <summary>Sends one request, and never throws.</summary>
    private async Task<Probe> ProbeAsync(Sora2Client own)
    {
        var start = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, clock);
        try
        {
            var models = await own.ProbeAsync(limit.Token).ConfigureAwait(false);
            var listed = models.Count == 0 ? "" : $", for {models.Count} model{(models.Count == 1 ? "" : "s")}";
            var latency = Elapsed().TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
            return Result(HealthStatus.Healthy, $"responded in {latency} ms and accepts the key{listed}.", failure: null);
        }
        catch (Sora2Exception e) when (e.Kind is Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated)
        {
            return Result(HealthStatus.Degraded, $"can be reached and is busy: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            var description = string.Create(CultureInfo.InvariantCulture, $"did not respond within {timeout.TotalSeconds:0.###} s.");
            return Result(status: null, description, e);
        }
        catch (Exception e) // A handler of the host may throw anything.
        {
            return Result(status: null, $"cannot be used: {e.Message}", e);
        }

        TimeSpan Elapsed() => clock.GetElapsedTime(start);
        Probe Result(HealthStatus? status, string description, Exception? failure) => new(
            status,
            $"{Sora2Platform.AccountOf(client.PlatformName, client.Name)} {description}",
            failure,
            Elapsed(),
            clock.GetUtcNow(),
            clock.GetTimestamp());
    }

    /// <param name="Status">Null for the status that the application gives to a failure.</param>
    /// <param name="Description">A sentence for people.</param>
    /// <param name="Failure">The exception; null where the platform is healthy.</param>
    /// <param name="Latency">How long the platform took.</param>
    /// <param name="At">When it ended.</param>
    /// <param name="Timestamp">The same on the monotonic clock.</param>
    private sealed record Probe(
        HealthStatus? Status, string Description, Exception? Failure, TimeSpan Latency, DateTimeOffset At, long Timestamp);
}
