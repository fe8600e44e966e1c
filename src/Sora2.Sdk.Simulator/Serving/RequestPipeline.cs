using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sora2.Sdk.Simulator;

/// <summary>The one way every request takes: read it, meet it with a fault if one waits, answer, write it down, deliver.</summary>
internal sealed class RequestPipeline(Sora2SimulatorOptions options, KeyRing keys, SimulatorLedger ledger, SimulatorFaults faults, CancellationToken stopping)
{
    private const long TrustedBytes = 64 * 1024 * 1024;

    private readonly TimeProvider _clock = options.TimeProvider;
    private int _requests;

    public async Task HandleAsync(HttpContext http, ISite site)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await AnswerAsync(http, site, ending.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && ending.IsCancellationRequested)
        {
            // The client went away, or the simulator is being disposed: there is nobody to answer.
            http.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext http, ISite site, CancellationToken cancellationToken)
    {
        var (body, isWhole) = await ReadBodyAsync(http.Request, cancellationToken).ConfigureAwait(false);
        var at = _clock.GetUtcNow();
        var request = new ReceivedRequest(http.Request, body, at, NextRequestId(at), options.Strict);
        var isPreflight = Cors.IsPreflight(request);
        var operation = isPreflight ? SimulatorOperation.Preflight : site.Recognise(request);
        if (!isWhole)
        {
            ledger.Record(LedgerEntry.Of(request, site.Name, operation, answer: null, statusCode: null, fault: null, options, keys));
            http.Abort();
            return;
        }

        var fault = faults.Take(site.Name, operation);
        request.Fault = fault;
        var met = fault.Meet(request, operation, isPreflight ? Cors.AnswerPreflight : site.Handle);
        var answer = Cors.AllowAnyOrigin(met).With(site.RequestIdHeader, request.Id);

        // The timer runs before the request shows in the ledger, so that a test that saw it there can move a virtual clock at once.
        var lateness = Task.Delay(fault.Lateness, _clock, cancellationToken);
        ledger.Record(LedgerEntry.Of(request, site.Name, operation, answer, fault.Delivery.IsSeen ? answer.StatusCode : null, fault, options, keys));
        await lateness.ConfigureAwait(false);
        await fault.Delivery.DeliverAsync(http, answer, _clock, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(ReadOnlyMemory<byte> Body, bool IsWhole)> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Sized once and not copied again: bodies hold pictures. A client may announce what it likes, so there is a limit to trust.
        using var bytes = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, TrustedBytes));
        try
        {
            await request.Body.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return (Written(bytes), true);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Kestrel says BadHttpRequestException or ConnectionResetException, both IOException, when a client breaks off.
            return (Written(bytes), false);
        }
    }

    private static ReadOnlyMemory<byte> Written(MemoryStream bytes) => bytes.GetBuffer().AsMemory(0, (int)bytes.Length);

    private string NextRequestId(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMddHHmmss}{Interlocked.Increment(ref _requests):D6}");
}
