using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>Processes every request: reads it, applies a fault, handles it, records it and delivers the response.</summary>
internal sealed class RequestPipeline(
    Sora2SimulatorOptions options,
    KeyRing keys,
    SimulatorLedger ledger,
    SimulatorFaults faults,
    CancellationToken stopping)
{
    private const long MaxInitialCapacity = 64 * 1024 * 1024;

    private readonly TimeProvider _clock = options.TimeProvider;
    private int _requests;

    public async Task HandleAsync(HttpContext http, ISimulatedHost host)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await RespondAsync(http, host, ending.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && ending.IsCancellationRequested)
        {
            // The client disconnected, or the simulator is being disposed: there is no one to respond to.
            http.Abort();
        }
    }

    private async Task RespondAsync(HttpContext http, ISimulatedHost host, CancellationToken cancellationToken)
    {
        var (body, isComplete) = await ReadBodyAsync(http.Request, cancellationToken).ConfigureAwait(false);
        var at = _clock.GetUtcNow();
        var request = new ReceivedRequest(http.Request, body, at, NextRequestId(at), options.Strict);
        var isPreflight = Cors.IsPreflight(request);
        var operation = isPreflight ? SimulatorOperation.Preflight : host.Recognise(request);
        if (!isComplete)
        {
            ledger.Record(LedgerEntry.Create(request, host.Name, operation, response: null, statusCode: null, fault: null, options, keys));
            http.Abort();
            return;
        }

        var fault = faults.Dequeue(host.Name, operation);
        request.Fault = fault;
        var handled = fault.Apply(request, operation, isPreflight ? Cors.PreflightResponse : host.Handle);
        var response = Cors.AllowAnyOrigin(handled).With(host.RequestIdHeader, request.Id);

        // The timer starts before the request is in the ledger, so that a test that sees it there can advance a virtual clock at once.
        var delay = Task.Delay(fault.ResponseDelay, _clock, cancellationToken);
        int? statusCode = fault.Delivery.SendsStatus ? response.StatusCode : null;
        ledger.Record(LedgerEntry.Create(request, host.Name, operation, response, statusCode, fault, options, keys));
        await delay.ConfigureAwait(false);
        await fault.Delivery.DeliverAsync(http, response, _clock, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(ReadOnlyMemory<byte> Body, bool IsComplete)> ReadBodyAsync(
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        // Allocated once at the announced size, because bodies contain pictures; limited, because a client may announce any size.
        using var bytes = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, MaxInitialCapacity));
        try
        {
            await request.Body.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return (Written(bytes), true);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Kestrel throws BadHttpRequestException or ConnectionResetException, both IOException, when a client disconnects.
            return (Written(bytes), false);
        }
    }

    private static ReadOnlyMemory<byte> Written(MemoryStream bytes) => bytes.GetBuffer().AsMemory(0, (int)bytes.Length);

    private string NextRequestId(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMddHHmmss}{Interlocked.Increment(ref _requests):D6}");
}
