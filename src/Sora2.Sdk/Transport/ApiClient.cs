using Microsoft.Extensions.Logging;
using Polly;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Makes API calls: retries by kind of call, rotates addresses, and turns every failure into a <see cref="Sora2Exception"/>.
/// </summary>
/// <remarks>Free calls are retried on transient errors; paid ones only when the platform surely did not take them.</remarks>
internal sealed class ApiClient : IDisposable
{
    /// <summary>The connections that queries leave for other calls.</summary>
    private const int ReservedConnections = 8;

    private readonly ClientContext _context;
    private readonly HttpClient _http;
    private readonly EndpointSelector _endpoints;
    private readonly ResiliencePipeline _queries;
    private readonly ResiliencePipeline _polls;
    private readonly ResiliencePipeline _creates;
    private readonly MinIntervalLimiter? _queryInterval;

    /// <summary>
    /// Limits the queries under way. A query that waits for its turn does not use up its timeout. Not disposed: it owns no handle.
    /// </summary>
    private readonly SemaphoreSlim _queryTurns = new(HttpHandlers.MaxApiConnections - ReservedConnections);

    private volatile bool _isClosed;

    public ApiClient(ClientContext context, HttpClient http)
    {
        (_context, _http) = (context, http);
        _endpoints = new EndpointSelector(context.Options, context.Platform, context.Tasks);
        _queries = RetryPolicies.ForQueries(context);
        _polls = RetryPolicies.ForPolls(context);
        _creates = RetryPolicies.ForCreates(context);
        _queryInterval = context.Options.MinQueryInterval > TimeSpan.Zero
            ? new MinIntervalLimiter(context.Options.MinQueryInterval, context.Clock)
            : null;
    }

    /// <summary>The addresses that a call about no task goes to, in the order in which they are tried.</summary>
    public IReadOnlyList<string> Addresses => _endpoints.For(taskId: null);

    /// <summary>Makes a free call. Retries transient errors.</summary>
    /// <param name="request">The request as the adapter encoded it.</param>
    /// <param name="decode">Reads the response, or throws the error that it reports.</param>
    /// <param name="taskId">The task the call is about, or null.</param>
    /// <param name="isPoll">Whether the next poll follows anyway: then a busy platform is not retried at once.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task<T> QueryAsync<T>(
        ApiRequest request, Func<ApiResponse, T> decode, string? taskId, bool isPoll, CancellationToken cancellationToken)
    {
        var call = new ApiCall<T>(request, decode, taskId);
        try
        {
            return await (isPoll ? _polls : _queries).ExecuteAsync(
                static (state, token) => new ValueTask<T>(state.Client.AttemptAsync(state.Call, token)),
                (Client: this, Call: call),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Sora2ApiException e) when (call.Failures.Count > 1)
        {
            throw e.WithAttempts(call.Failures);
        }
    }

    /// <summary>Makes a free call once, ahead of queued queries: a health check reports the state now.</summary>
    public Task<T> ProbeAsync<T>(ApiRequest request, Func<ApiResponse, T> decode, CancellationToken cancellationToken) =>
        AttemptAsync(new ApiCall<T>(request, decode, taskId: null) { SkipsQueue = true }, cancellationToken);

    /// <summary>Makes a paid call. Retries only what was not sent, or what the platform says it did not take.</summary>
    public async Task<T> SendPaidAsync<T>(ApiCall<T> call, CancellationToken cancellationToken) =>
        await _creates.ExecuteAsync(
            static (state, token) => new ValueTask<T>(state.Client.AttemptAsync(state.Call, token)),
            (Client: this, Call: call),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Refuses free calls from now on: the client is being disposed.</summary>
    public void Close() => _isClosed = true;

    public void Dispose() => _queryInterval?.Dispose();

    /// <summary>Makes one attempt: at the first address, and at the next one if nothing was sent to it.</summary>
    private async Task<T> AttemptAsync<T>(ApiCall<T> call, CancellationToken cancellationToken)
    {
        var isQuery = call.Request.Kind == CallKind.Query;
        ObjectDisposedException.ThrowIf(_isClosed && isQuery, typeof(Sora2Client));
        using var turn = isQuery && !call.SkipsQueue ? await TakeTurnAsync(cancellationToken).ConfigureAwait(false) : default;
        var addresses = _endpoints.For(call.TaskId);
        for (var i = 0; ; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            call.Attempts++;
            try
            {
                var exchange = new ApiExchange(_context, _http, call, addresses[i]);
                var response = await exchange.SendAsync(call.ExchangeToken ?? cancellationToken).ConfigureAwait(false);
                if (addresses.Count > 1)
                {
                    _endpoints.Responded(addresses[i]);
                }

                return Decode(call, response, addresses[i]);
            }
            catch (SubmissionCanceledException e) when (e.LateResponse is { } late)
            {
                e.Late = DecodeLateAsync(call, late, addresses[i]);
                throw;
            }
            catch (Sora2ApiException e)
            {
                call.Failures.Add(e);
                LogFailure(call, e);
                if (i + 1 == addresses.Count || !e.NothingSent)
                {
                    throw;
                }
            }
        }
    }

    private async ValueTask<QueryTurn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_queryInterval is not null)
        {
            using var _ = await _queryInterval.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        }

        await _queryTurns.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new QueryTurn(_queryTurns);
    }

    private T Decode<T>(ApiCall<T> call, ApiResponse response, string address)
    {
        T result;
        try
        {
            result = call.Decode(response);
        }
        catch (Exception e) when (e is not Sora2Exception)
        {
            // A user's own adapter that fails on a response must not lose a task that may be paid for.
            throw ErrorClassifier.Unreadable(response, $"The adapter of {response.Platform} could not read the response: {e.Message}", e);
        }

        if (result is not VideoTask task)
        {
            return result;
        }

        if (call.TaskId is null)
        {
            _endpoints.Created(task.Id, address);
        }

        // Here and not in the decoders, so that no adapter can forget it: the account of the task, and no key in a text that is stored.
        return task.FailureReason is { } reason
                ? (T)(object)(task with { ClientName = _context.Name, FailureReason = Redaction.Mask(reason, response.Key) })
            : task.ClientName != _context.Name ? (T)(object)(task with { ClientName = _context.Name })
            : result;
    }

    /// <summary>Reads the response to a create whose caller left after it had begun to be sent.</summary>
    private async Task<LateOutcome> DecodeLateAsync<T>(
        ApiCall<T> call, Task<(ApiResponse? Response, string? TaskId)> late, string address)
    {
        LateOutcome outcome;
        try
        {
            var (response, taskId) = await late.ConfigureAwait(false);
            outcome = (response is null ? null : (object?)Decode(call, response, address)) switch
            {
                VideoTask task => new LateOutcome(task.Id, task),
                var other => new LateOutcome(taskId, Character: other as Character),
            };
        }
        catch (Sora2Exception e)
        {
            outcome = new LateOutcome(e.TaskId, Refusal: e.MayHaveBeenCharged == false ? e : null);
        }

        // The caller left; without a task store the log is the only place that keeps the id.
        if (outcome.TaskId is { } id)
        {
            var telemetry = _context.Telemetry;
            var how = outcome.Task is null ? "perhaps accepted" : "accepted";
            telemetry.Log.CreateEndedLate(telemetry.Account, telemetry.SanitizeName(id), how);
        }

        return outcome;
    }

    private void LogFailure(ApiCall call, Sora2ApiException e)
    {
        var telemetry = _context.Telemetry;
        if (telemetry.Log.IsEnabled(LogLevel.Debug))
        {
            var texts = call.TaskId is { } taskId && call.PromptTexts == PromptTexts.None ? telemetry.PromptsOf(taskId) : call.PromptTexts;
            telemetry.Log.AttemptFailed(
                telemetry.Account,
                telemetry.SanitizeName(call.TaskId) ?? ApiExchange.NoTask,
                call.Attempts,
                e.Kind,
                telemetry.Reason(e, texts));
        }
    }

    private readonly struct QueryTurn(SemaphoreSlim? turns) : IDisposable
    {
        public void Dispose() => turns?.Release();
    }
}
