using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Polly;

namespace Sora2.Sdk;

/// <summary>
/// The one way every API call takes: key, address, time-out, retry by kind of call, and every failure turned into a <see cref="Sora2Exception"/>. A free
/// question is repeated on passing faults; a paid request only when it was surely not taken.
/// </summary>
internal sealed class ApiPipeline : IDisposable
{
    /// <summary>The largest answer that is read, in bytes; a task's is a few thousand.</summary>
    private const int MaxAnswerLength = 16 * 1024 * 1024;

    /// <summary>In the log, for a call that is about none.</summary>
    private const string NoTask = "(none)";

    private static readonly string UserAgent = "Sora2.Sdk/" + Telemetry.Version;
    private static readonly string[] RequestIdHeaders = ["X-Oneapi-Request-Id", "X-Request-Id", "Request-Id"];

    private readonly HttpClient _http;
    private readonly ImageLoader _images;
    private readonly string _name;
    private readonly Sora2Platform _platform;
    private readonly Sora2ClientOptions _options;
    private readonly ClientTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly ApiKey _key;
    private readonly AddressBook _addresses;
    private readonly ResiliencePipeline _queries;
    private readonly ResiliencePipeline _polls;
    private readonly ResiliencePipeline _creates;
    private readonly SpacingLimiter? _queryPace;
    private volatile bool _isDisposed;

    public ApiPipeline(string name, HttpClient http, ImageLoader images, Sora2Platform platform, ApiKey key, Sora2ClientOptions options, ClientTelemetry telemetry, Chance chance)
    {
        _name = name;
        _http = http;
        _images = images;
        _platform = platform;
        _options = options;
        _telemetry = telemetry;
        _clock = options.TimeProvider;
        _key = key;
        _addresses = new AddressBook(options, platform);
        _queries = RetryPolicies.ForQueries(options, chance, telemetry);
        _polls = RetryPolicies.ForPolls(options, chance, telemetry);
        _creates = RetryPolicies.ForCreates(options, chance, telemetry);
        _queryPace = options.MinQueryInterval > TimeSpan.Zero ? new SpacingLimiter(options.MinQueryInterval, _clock) : null;
        Gate = new SubmissionGate(options);
    }

    /// <summary>The limits on running tasks and the pace of creates.</summary>
    public SubmissionGate Gate { get; }

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
    public async Task<T> CreateAsync<T>(Submission submission, Func<ApiResponse, T> decode, CancellationToken cancellationToken, bool finishesOnceSent = false)
        where T : class
    {
        ThrowIfDisposed();
        var call = new Call<T>(submission.Request, decode, submission.SourceTaskId) { FinishesOnceSent = finishesOnceSent, Words = submission.Words };
        var observation = new CreateObservation(_telemetry, submission, _addresses.For(taskId: null)[0]);
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
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(Sora2Client));

    /// <summary>A task came to its end: what was kept for it is let go.</summary>
    public void Ended(string taskId)
    {
        Gate.Ended(taskId);
        _addresses.Ended(taskId);
    }

    public void Dispose()
    {
        _isDisposed = true;
        Gate.Dispose();
        _queryPace?.Dispose();
    }

    private async Task<T> SubmitAsync<T>(Call<T> call, Submission submission, CancellationToken cancellationToken)
    {
        if (call.Request.Body is { } body)
        {
            // Once for all attempts: a stream that cannot seek is used up by the first reading.
            call.Images = await _images.LoadAsync(body.Images, body.TakesFiles, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await _creates.ExecuteAsync(static (state, token) => new ValueTask<T>(state.Pipeline.AttemptAsync(state.Call, token)), (Pipeline: this, Call: call), cancellationToken).ConfigureAwait(false);
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

        var addresses = _addresses.For(call.TaskId);
        for (var i = 0; ; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            call.Attempts++;
            try
            {
                var response = await ExchangeAsync(call, addresses[i], call.FinishesOnceSent ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
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
            catch (Sora2ApiException e)
            {
                call.Failures.Add(e);
                if (_telemetry.Log.IsEnabled(LogLevel.Debug))
                {
                    _telemetry.Log.AttemptFailed(_telemetry.Account, _telemetry.Shown(call.TaskId) ?? NoTask, call.Attempts, e.Kind, _telemetry.Reason(e, call.Words));
                }

                if (i + 1 == addresses.Count || !e.NothingSent)
                {
                    throw;
                }
            }
        }
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
        message.Headers.Authorization = authorization;
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        BodyContent? body = null;
        OneShot? oneShot = null;
        if (request.Body is not null)
        {
            var boundary = MultipartBody.NewBoundary();
            message.Content = body = new BodyContent(request.Body.Render(call.Images, boundary), request.Body.ContentType(boundary));
        }

        if (ErrorClassifier.Paid(request.Kind))
        {
            oneShot = OneShot.AttachTo(message);
            call.SentAt = _clock.GetUtcNow();
        }

        var shown = _telemetry.Log.IsEnabled(LogLevel.Debug) ? Redaction.WithoutQuery(address) : null;
        var began = shown is null ? 0 : _clock.GetTimestamp();
        if (shown is not null)
        {
            _telemetry.Log.CallBegins(_telemetry.Account, request.Method, shown, _telemetry.Shown(taskId) ?? NoTask);
        }

        var timeout = TimeoutOf(request.Kind);
        using var timer = new CancellationTokenSource(timeout, _clock);
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token) : null;
        var token = linked?.Token ?? timer.Token;
        BoundedRead? received = null;
        try
        {
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            if (message.Method != request.Method)
            {
                throw Followed(request, address, message.RequestUri!, taskId);
            }

            var stream = await answer.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            received = new BoundedRead(MaxAnswerLength, answer.Content.Headers.ContentLength);
            await received.ToEndAsync(stream, token).ConfigureAwait(false);
            var bytes = received.Bytes;
            var requestId = RequestIdOf(answer.Headers);
            if (shown is not null)
            {
                _telemetry.Log.CallAnswered(_telemetry.Account, request.Method, shown, _telemetry.Shown(taskId) ?? NoTask, answer.StatusCode, bytes.Length, _clock.GetElapsedTime(began).TotalSeconds, requestId);
            }

            return new ApiResponse
            {
                Platform = _platform.Name,
                Kind = request.Kind,
                StatusCode = answer.StatusCode,
                Body = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes,
                Method = request.Method,
                Address = address,
                TaskId = taskId,
                Key = authorization.Parameter,
                RequestId = requestId,
                RetryAfter = RetryAfter.Of(answer.Headers, _clock),
                Location = answer.Headers.Location,
            };
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw body is { HasBegun: true } ? new SubmissionCanceledException(_platform.Name, call.SentAt, e, cancellationToken) : new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not Sora2Exception)
        {
            // Whatever a handler of the host's own throws: once the bytes may have left, the outcome of a paid request is not known.
            // An id that came before the connection broke is kept.
            var about = taskId ?? (received is null || !ErrorClassifier.Paid(request.Kind) ? null : AnswerReader.FindId(received.Bytes));
            throw TransportFailure.Of(e, _platform, request, address, body, oneShot, about, timer.IsCancellationRequested ? timeout : null, authorization.Parameter!);
        }
    }

    /// <summary>The caller's own HttpClient followed a redirect with a GET, as the framework's handler does for 301, 302 and 303: what it brought is no answer to a POST.</summary>
    private Sora2ApiException Followed(ApiRequest request, Uri from, Uri to, string? taskId) => new(
        Sora2ErrorKind.WrongEndpoint,
        $"{request.Method} {from} was redirected to {Redaction.WithoutQuery(to)}, and the HttpClient that was handed in followed. Set AllowAutoRedirect = false on its handler. If the new address is right, set Sora2ClientOptions.BaseAddress to it.")
    {
        Platform = _platform.Name,
        TaskId = taskId,
        Request = request.Redacted,
        MayHaveBeenCharged = ErrorClassifier.MayHaveBeenCharged(request.Kind, taskId, Sora2ErrorKind.WrongEndpoint, false),
    };

    private TimeSpan TimeoutOf(CallKind kind) => kind switch
    {
        CallKind.Query => _options.QueryTimeout,
        CallKind.CreateCharacter => _options.CharacterTimeout,
        _ => _options.CreateTimeout,
    };

    private static string? RequestIdOf(HttpResponseHeaders headers)
    {
        foreach (var name in RequestIdHeaders)
        {
            if (headers.TryGetValues(name, out var values))
            {
                return OneLine.Of(values.First());
            }
        }

        return null;
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

        public bool FinishesOnceSent { get; init; }

        /// <summary>What the answer may quote; see <see cref="Submission.Words"/>.</summary>
        public IReadOnlyList<string> Words { get; init; } = [];

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
