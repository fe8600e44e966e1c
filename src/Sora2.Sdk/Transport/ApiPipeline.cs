using System.Net.Http.Headers;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using Polly;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Submissions;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The one way every API call takes: key, address, time-out, retry by kind of call, and every failure turned into a <see cref="Sora2Exception"/>. A free
/// question is repeated on passing faults; a paid request only when it was surely not taken.
/// </summary>
internal sealed class ApiPipeline : IDisposable
{
    /// <summary>Bytes from which on a server is asked before the body is sent.</summary>
    private const long LargeBody = 1024 * 1024;

    /// <summary>In the log, for a call that is about none.</summary>
    private const string NoTask = "(none)";

    private static readonly string[] RequestIdHeaders = ["X-Oneapi-Request-Id", "X-Request-Id", "Request-Id"];

    private readonly HttpClient _http;
    private readonly ImageLoader _images;
    private readonly string _name;
    private readonly Sora2Platform _platform;
    private readonly Sora2ClientOptions _options;
    private readonly ClientTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly ApiKey _key;
    private readonly EndpointSelector _addresses;
    private readonly ResiliencePipeline _queries;
    private readonly ResiliencePipeline _polls;
    private readonly ResiliencePipeline _creates;
    private readonly MinIntervalLimiter? _queryPace;

    /// <summary>
    /// How many queries may be under way. What waits for a place does not use up its time-out, and a few connections are left for other
    /// calls. Never disposed: it holds nothing.
    /// </summary>
    private readonly SemaphoreSlim _queryPlaces = new(HttpHandlers.MaxApiConnections - 8);
    private readonly SubmissionDrain _drain;

    public ApiPipeline(
        string name, HttpClient http, ImageLoader images, Sora2Platform platform, ApiKey key, Sora2ClientOptions options, ClientTelemetry telemetry,
        JitterSource chance, SubmissionDrain drain)
    {
        _name = name;
        _http = http;
        _images = images;
        _platform = platform;
        _options = options;
        _telemetry = telemetry;
        _clock = options.TimeProvider;
        _key = key;
        _addresses = new EndpointSelector(options, platform);
        _queries = RetryPolicies.ForQueries(options, chance, telemetry);
        _polls = RetryPolicies.ForPolls(options, chance, telemetry);
        _creates = RetryPolicies.ForCreates(options, chance, telemetry);
        _queryPace = options.MinQueryInterval > TimeSpan.Zero ? new MinIntervalLimiter(options.MinQueryInterval, _clock) : null;
        _drain = drain;
        Gate = new SubmissionLimiter(options, drain);
    }

    /// <summary>The limits on running tasks and the pace of creates.</summary>
    public SubmissionLimiter Gate { get; }

    /// <summary>Asks for something. Free of charge; repeated on passing faults.</summary>
    /// <param name="request">The call as the adapter wrote it.</param>
    /// <param name="decode">Reads the answer, or throws the error that it is; runs inside the retries, so that half an answer is asked for again.</param>
    /// <param name="taskId">The task the call is about, if it is about one.</param>
    /// <param name="isPoll">Whether it is asked again anyway: then not at once when the platform is busy.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> QueryAsync<T>(ApiRequest request, Func<ApiResponse, T> decode, string? taskId, bool isPoll, CancellationToken cancellationToken)
    {
        var call = new Call<T>(request, decode, taskId);
        try
        {
            return await (isPoll ? _polls : _queries).ExecuteAsync(static (state, token) => new ValueTask<T>(state.Pipeline.AttemptAsync(state.Call, token)), (Pipeline: this, Call: call), cancellationToken).ConfigureAwait(false);
        }
        catch (Sora2ApiException e) when (call.Failures.Count > 1)
        {
            throw e.After(call.Failures);
        }
    }

    /// <summary>Asks for something once, out of turn: a health check is to say how things are now, not how long the queue of questions is.</summary>
    public Task<T> ProbeAsync<T>(ApiRequest request, Func<ApiResponse, T> decode, CancellationToken cancellationToken) => AttemptAsync(new Call<T>(request, decode, taskId: null) { GoesFirst = true }, cancellationToken);

    /// <summary>Creates something. Costs money: sent again only when nothing was sent, or the answer says that it was not taken.</summary>
    /// <param name="submission">What is sent.</param>
    /// <param name="decode">Reads the answer, or throws the error that it is.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="finishesOnceSent">Whether an attempt that began is not given up, so that its outcome is known; the token then stops what comes before and between attempts.</param>
    public async Task<T> CreateAsync<T>(PaidRequest submission, Func<ApiResponse, T> decode, CancellationToken cancellationToken, bool finishesOnceSent = false)
        where T : class
    {
        using var entry = _drain.Enter();
        if (!ErrorClassifier.Paid(submission.Request.Kind) || submission.Request.Body is null)
        {
            throw new Sora2ValidationException($"The adapter of {_platform.Title} encodes a create as {submission.Request}, of the kind {submission.Request.Kind}: it has to be a POST of a kind that is paid. Nothing was sent.");
        }

        var call = new Call<T>(submission.Request, decode, submission.SourceTaskId)
        {
            EndsExchange = finishesOnceSent ? CancellationToken.None : cancellationToken,
            PromptTexts = submission.Caller,
        };
        var observation = new SubmissionTelemetry(_telemetry, submission, _addresses.For(taskId: null)[0]);
        try
        {
            var result = await SubmitAsync(call, submission, cancellationToken).ConfigureAwait(false);
            observation.Accepted(result, call.Attempts);
            return result;
        }
        catch (Exception e)
        {
            observation.Failed(e, call.Attempts);
            throw;
        }
    }

    /// <summary>Refuses calls of a client that was disposed.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_drain.IsDisposed, typeof(Sora2Client));

    /// <summary>A task runs, and somebody asks for it.</summary>
    public void Seen(string taskId) => Gate.Seen(taskId);

    /// <summary>A task came to its end: what was kept for it is let go.</summary>
    public void Ended(string taskId)
    {
        Gate.Ended(taskId);
        _addresses.Ended(taskId);
    }

    public void Dispose()
    {
        Gate.Dispose();
        _queryPace?.Dispose();
    }

    private async Task<T> SubmitAsync<T>(Call<T> call, PaidRequest submission, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _drain.Stopping);
        try
        {
            if (call.Request.Body is { } body)
            {
                // Once for all attempts: a stream that cannot seek is used up by the first reading.
                call.Images = await _images.LoadAsync(body.Images, body.TakesFiles, stop.Token).ConfigureAwait(false);
            }

            return await _creates.ExecuteAsync(static (state, token) => new ValueTask<T>(state.Pipeline.AttemptAsync(state.Call, token)), (Pipeline: this, Call: call), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (e is not SubmissionCanceledException && stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _drain.ThrowIfStopping(); // Nothing was sent, or what was sent was surely not taken.
            throw;
        }
        catch (Sora2ApiException e) when (e.MayHaveBeenCharged is null)
        {
            throw SubmissionUnknownException.For(_platform, call.Request, e.After(call.Failures), call.SentAt, submission.Subject);
        }
        catch (Sora2ApiException e) when (call.Failures.Count > 1)
        {
            throw e.After(call.Failures);
        }
    }

    /// <summary>One attempt: the first address, and the next one if nothing of it was sent.</summary>
    private async Task<T> AttemptAsync<T>(Call<T> call, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (_queryPace is not null && call.Request.Kind == CallKind.Query && !call.GoesFirst)
        {
            using var _ = await _queryPace.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        }

        var isInTurn = call.Request.Kind == CallKind.Query && !call.GoesFirst;
        using var place = isInTurn ? await TakePlaceAsync(cancellationToken).ConfigureAwait(false) : default;
        var addresses = _addresses.For(call.TaskId);
        for (var i = 0; ; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            call.Attempts++;
            try
            {
                var response = await ExchangeAsync(call, addresses[i], call.EndsExchange ?? cancellationToken).ConfigureAwait(false);
                if (addresses.Count > 1)
                {
                    _addresses.Answered(addresses[i]);
                }

                var result = Decode(call, response);
                if (result is VideoTask task && call.TaskId is null)
                {
                    _addresses.Made(task.Id, addresses[i]);
                }

                return result;
            }
            catch (SubmissionCanceledException e) when (e.LateResponse is { } late)
            {
                e.Late = LateAsync(call, late, addresses[i]);
                _drain.Track(e.Late);
                throw;
            }
            catch (Sora2ApiException e)
            {
                call.Failures.Add(e);
                if (_telemetry.Log.IsEnabled(LogLevel.Debug))
                {
                    _telemetry.Log.AttemptFailed(_telemetry.Account, _telemetry.SanitizeName(call.TaskId) ?? NoTask, call.Attempts, e.Kind, _telemetry.Reason(e, call.TaskId is { } about && call.PromptTexts == PromptTexts.None ? _telemetry.PromptsOf(about) : call.PromptTexts));
                }

                if (i + 1 == addresses.Count || !e.NothingSent)
                {
                    throw;
                }
            }
        }
    }

    private async ValueTask<Place> TakePlaceAsync(CancellationToken cancellationToken)
    {
        await _queryPlaces.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Place(_queryPlaces);
    }

    private T Decode<T>(Call<T> call, ApiResponse response)
    {
        try
        {
            var result = call.Decode(response);
            // Here and not in the decoders, so that no adapter can forget it: whose task it is, and that no key is in it that somebody writes down.
            return result is not VideoTask task ? result
                : task.FailureReason is { } reason ? (T)(object)(task with { Client = _name, FailureReason = Redaction.Mask(reason, response.Key) })
                : task.Client != _name ? (T)(object)(task with { Client = _name })
                : result;
        }
        catch (Exception e) when (e is not Sora2Exception)
        {
            // An adapter of the user's own that trips over an answer must not lose a task that may be paid for.
            throw ErrorClassifier.Unreadable(response, $"The adapter of {response.Platform} could not read the answer: {e.Message}", e);
        }
    }

    private async Task<ApiResponse> ExchangeAsync(Call call, string baseAddress, CancellationToken cancellationToken)
    {
        var (request, taskId) = (call.Request, call.TaskId);
        var address = new Uri(baseAddress + request.PathAndQuery);
        using var message = new HttpRequestMessage(request.Method, address);
        var authorization = _key.Authorization;
        message.Headers.TryAddWithoutValidation("User-Agent", HttpHandlers.UserAgent);
        message.Options.Set(Sora2RequestOptions.CallKind, request.Kind);
        SegmentedHttpContent? body = null;
        if (request.Body is not null)
        {
            var boundary = MultipartBody.NewBoundary();
            message.Content = body = new SegmentedHttpContent(request.Body.Render(call.Images, boundary), request.Body.ContentType(boundary));
            message.Headers.ExpectContinue = message.Content.Headers.ContentLength > LargeBody ? true : null; // A refusal then comes before the upload, and is not lost with the connection.
        }

        var shown = _telemetry.Log.IsEnabled(LogLevel.Debug) ? Redaction.WithoutQuery(address) : null;
        var began = shown is null ? 0 : _clock.GetTimestamp();
        if (shown is not null)
        {
            _telemetry.Log.SendingRequest(_telemetry.Account, request.Method, shown, _telemetry.SanitizeName(taskId) ?? NoTask);
        }

        var timeout = TimeoutOf(request.Kind);
        var timer = new CancellationTokenSource(timeout, _clock);
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token) : null;
        var token = linked?.Token ?? timer.Token;
        PaidSend? paid = null;
        if (body is not null && ErrorClassifier.Paid(request.Kind))
        {
            paid = new PaidSend(body, timer.Token, _drain.Stopping);
            call.SentAt = _clock.GetUtcNow();
        }

        var guarded = new GuardedCall(authorization, address, paid, body);
        guarded.Mark(message);
        guarded.Begin();
        ReceivedResponse? response = null;
        try
        {
            response = paid is null ? await AskAsync(message, guarded, token).ConfigureAwait(false) : await PayAsync(message, guarded, paid, token, cancellationToken).ConfigureAwait(false);
            if (response.Failure is { } failure)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            if (shown is not null)
            {
                _telemetry.Log.ResponseReceived(
                    _telemetry.Account, request.Method, shown, _telemetry.SanitizeName(taskId) ?? NoTask, response.StatusCode!.Value, response.Body.Length, _clock.GetElapsedTime(began).TotalSeconds, RequestIdOf(response.Headers!));
            }

            return ResponseOf(response);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            if (paid is { Response: not null, IsOwnBody: false } || body?.TryGiveUp() == false)
            {
                throw new SubmissionCanceledException(_platform.Name, call.SentAt, e, cancellationToken) { LateResponse = paid?.Response is { } late ? LateAsync(late) : null };
            }

            if (paid?.Response is not null)
            {
                await timer.CancelAsync().ConfigureAwait(false); // Nothing of it leaves any more.
            }

            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not Sora2Exception)
        {
            if (paid is { Response: null } && body?.HasBegun == false && _drain.Stopping.IsCancellationRequested)
            {
                _drain.ThrowIfStopping();
            }

            if (body?.Unread is { } unread)
            {
                throw new Sora2ValidationException(
                    $"An image could not be read to its end while it was sent to {_platform.Title}: {MessageText.EnsurePeriod(unread.Message)} "
                    + "The request did not get there whole, so it was not taken. Leave images as they are until the call returns, and send it again.",
                    e)
                {
                    Platform = _platform.Name,
                    TaskId = taskId,
                };
            }

            // Whatever a handler of the host's own throws: once the bytes may have left, the outcome of a paid request is not known.
            // An id that came before the connection broke is kept.
            var about = taskId ?? (paid is null || response is null ? null : ResponseReader.FindId(_key.Mask(response.Body)));
            throw TransportErrorMapper.Map(e, _platform, request, address, body, paid, about, timer.IsCancellationRequested ? timeout : null, authorization.Parameter!);
        }
        finally
        {
            if (paid?.Response is { IsCompleted: false } running)
            {
                _ = running.ContinueWith(_ => timer.Dispose(), TaskScheduler.Default); // The send goes on to its outcome.
            }
            else
            {
                timer.Dispose();
            }
        }

        ApiResponse ResponseOf(ReceivedResponse received)
        {
            var (headers, bytes) = (received.Headers!, received.Body);
            return new ApiResponse
            {
                Platform = _platform.Name,
                Kind = request.Kind,
                StatusCode = received.StatusCode!.Value,
                Body = _key.Mask(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes),
                Method = request.Method,
                Address = address,
                TaskId = taskId,
                Key = authorization.Parameter,
                RequestId = RequestIdOf(headers),
                RetryAfter = RetryAfterHeader.Parse(headers, _clock),
                Location = headers.Location,
                // Parsed only where it is needed: most responses are UTF-8, and a wait has many of them.
                Charset = Utf8.IsValid(bytes.Span) ? null : received.ContentHeaders!.ContentType?.CharSet,
                PromptTexts = call.PromptTexts,
                Sent = body is null ? null : new SentSize(body.Headers.ContentLength ?? 0, call.Images.Count(image => image.Url is null), call.Images.Sum(image => image.Length)),
            };
        }

        async Task<(ApiResponse? Response, string? TaskId)> LateAsync(Task<ReceivedResponse> late)
        {
            var received = await late.ConfigureAwait(false);
            return received.Failure is null ? (ResponseOf(received), null) : (null, ResponseReader.FindId(_key.Mask(received.Body)));
        }
    }

    /// <summary>What comes of a create whose caller left after it had begun to leave: the task, the refusal, an id of unknown outcome, or nothing.</summary>
    private async Task<LateOutcome> LateAsync<T>(Call<T> call, Task<(ApiResponse? Response, string? TaskId)> late, string address)
    {
        try
        {
            var (response, taskId) = await late.ConfigureAwait(false);
            if (response is null || Decode(call, response) is not VideoTask task)
            {
                return Told(new LateOutcome(taskId));
            }

            _addresses.Made(task.Id, address);
            return Told(new LateOutcome(task.Id, task));
        }
        catch (Sora2Exception e)
        {
            return Told(new LateOutcome(e.TaskId, Refusal: e.MayHaveBeenCharged == false ? e : null));
        }

        // Its caller left, and without a task store the log is the only place where its id is kept.
        LateOutcome Told(LateOutcome outcome)
        {
            if (outcome.TaskId is { } id)
            {
                _telemetry.Log.CreateEndedLate(_telemetry.Account, _telemetry.SanitizeName(id), outcome.Task is null ? "perhaps accepted" : "accepted");
            }

            return outcome;
        }
    }

    /// <summary>Sends a free call.</summary>
    private async Task<ReceivedResponse> AskAsync(HttpRequestMessage message, GuardedCall call, CancellationToken token)
    {
        var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
        ThrowIfFromElsewhere(response, call);
        return await ReceivedResponse.ReadAsync(() => Task.FromResult(response), SendGuard.MaxResponseLength, token).ConfigureAwait(false);
    }

    /// <summary>A redirect that a handler of the host followed brings no response of the API.</summary>
    private static void ThrowIfFromElsewhere(HttpResponseMessage response, GuardedCall call)
    {
        var asked = response.RequestMessage?.RequestUri is { } last && !call.IsSameOrigin(last) ? last : call.WasReached ? null : call.Elsewhere;
        if (asked is not null)
        {
            response.Dispose();
            throw new SendRefusedException(
                $"A handler of the host sent a call to {Redaction.WithoutQuery(asked)} in place of {Redaction.WithoutQuery(call.Address)}, "
                + "without the key. Set BaseAddress to that address if it is right, or let the handler leave redirects alone.");
        }
    }

    /// <summary>
    /// Sends a paid call and gives what the network gave for it: handlers of the host may give up early, swallow a failure, or return another
    /// response.
    /// </summary>
    private async Task<ReceivedResponse> PayAsync(
        HttpRequestMessage message, GuardedCall call, PaidSend paid, CancellationToken token, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            if (paid.TryClose())
            {
                // A handler answered by itself.
                ThrowIfFromElsewhere(response, call);
                return await ReceivedResponse.ReadAsync(() => Task.FromResult(response), SendGuard.MaxResponseLength, token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (!paid.TryClose())
        {
            // What came of the request is known, or will be.
        }

        return await paid.Response!.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan TimeoutOf(CallKind kind) => kind switch
    {
        CallKind.Query => _options.QueryTimeout,
        CallKind.CreateCharacter => _options.CharacterTimeout,
        _ => _options.CreateTimeout,
    };

    private string? RequestIdOf(HttpResponseHeaders headers)
    {
        foreach (var name in RequestIdHeaders)
        {
            if (headers.TryGetValues(name, out var values))
            {
                return LogSanitizer.SingleLine(_key.Mask(values.First()));
            }
        }

        return null;
    }

    private readonly struct Place(SemaphoreSlim? places) : IDisposable
    {
        public void Dispose() => places?.Release();
    }

    /// <summary>A call over all its attempts.</summary>
    private class Call(ApiRequest request, string? taskId)
    {
        private List<Sora2ApiException>? _failures;

        public ApiRequest Request => request;

        public string? TaskId => taskId;

        public IReadOnlyList<LoadedImage> Images { get; set; } = [];

        /// <summary>How often it was tried, at whichever address.</summary>
        public int Attempts { get; set; }

        public List<Sora2ApiException> Failures => _failures ??= [];

        /// <summary>What ends an exchange, where that is not the token of the attempt: what was sent goes on when the client stops.</summary>
        public CancellationToken? EndsExchange { get; init; }

        /// <summary>What the answer may quote, to be told from what the platform says itself.</summary>
        public PromptTexts PromptTexts { get; init; } = PromptTexts.None;

        /// <summary>Whether it does not wait for its turn among the questions.</summary>
        public bool GoesFirst { get; init; }

        /// <summary>When the last attempt of a paid call was sent.</summary>
        public DateTimeOffset SentAt { get; set; }
    }

    private sealed class Call<T>(ApiRequest request, Func<ApiResponse, T> decode, string? taskId) : Call(request, taskId)
    {
        public Func<ApiResponse, T> Decode => decode;
    }
}
