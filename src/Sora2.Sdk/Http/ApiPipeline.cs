using System.Net.Http.Headers;
using System.Reflection;
using Polly;

namespace Sora2.Sdk;

/// <summary>
/// The one way every API call takes: key, address, time-out, retry by kind of call, and every failure turned into a <see cref="Sora2Exception"/>. A free
/// question is repeated on passing faults; a paid request is sent once.
/// </summary>
internal sealed class ApiPipeline
{
    /// <summary>The largest answer that is read, in bytes; a task's is a few thousand.</summary>
    private const int MaxAnswerLength = 16 * 1024 * 1024;

    private static readonly string UserAgent = "Sora2.Sdk/" + ProductVersion();
    private static readonly string[] RequestIdHeaders = ["X-Oneapi-Request-Id", "X-Request-Id", "Request-Id"];

    private readonly HttpClient _http;
    private readonly ImageLoader _images;
    private readonly Sora2Platform _platform;
    private readonly Sora2ClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly string _baseAddress;
    private readonly ResiliencePipeline _retry;

    public ApiPipeline(HttpClient http, ImageLoader images, Sora2Platform platform, Sora2ClientOptions options)
    {
        _http = http;
        _images = images;
        _platform = platform;
        _options = options;
        _clock = options.TimeProvider;
        _authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey!.Trim());
        _baseAddress = ApiAddress.Normalise(options.BaseAddress ?? platform.DefaultBaseAddress);
        _retry = QueryRetry.Create(options);
    }

    /// <summary>Sends a call and decodes its answer.</summary>
    /// <param name="request">The call as the adapter wrote it.</param>
    /// <param name="decode">Reads the answer, or throws the error that it is; runs inside the retries, so that half an answer is asked for again.</param>
    /// <param name="taskId">The task the call is about, if there is one.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> SendAsync<T>(ApiRequest request, Func<ApiResponse, T> decode, string? taskId, CancellationToken cancellationToken)
    {
        if (!ErrorClassifier.Paid(request.Kind))
        {
            return await _retry.ExecuteAsync(
                static (call, token) => new ValueTask<T>(call.Pipeline.SendOnceAsync(call.Request, call.Decode, call.TaskId, token)),
                (Pipeline: this, Request: request, Decode: decode, TaskId: taskId),
                cancellationToken).ConfigureAwait(false);
        }

        var sentAt = _clock.GetUtcNow();
        try
        {
            return await SendOnceAsync(request, decode, taskId, cancellationToken).ConfigureAwait(false);
        }
        catch (Sora2ApiException e) when (e.MayHaveBeenCharged is null)
        {
            throw new SubmissionUnknownException(
                $"It is not known whether {_platform.Title} accepted {request}, sent at {sentAt:O}: {e.Message} Look for it in the platform's own log before creating it again; a second create may be charged twice.", e)
            {
                SentAt = sentAt,
                Platform = e.Platform,
                TaskId = e.TaskId,
                RequestId = e.RequestId,
                StatusCode = e.StatusCode,
                RawBody = e.RawBody,
            };
        }
    }

    private async Task<T> SendOnceAsync<T>(ApiRequest request, Func<ApiResponse, T> decode, string? taskId, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, _baseAddress + request.PathAndQuery);
        message.Headers.Authorization = _authorization;
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        var body = await ContentAsync(request.Body, cancellationToken).ConfigureAwait(false);
        message.Content = body;

        var timeout = TimeoutOf(request.Kind);
        using var timer = new CancellationTokenSource(timeout, _clock);
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token) : null;
        var response = await ExchangeAsync(message, request, body, taskId, timeout, linked?.Token ?? timer.Token, cancellationToken).ConfigureAwait(false);
        return decode(response);
    }

    private async ValueTask<BodyContent?> ContentAsync(ApiBody? body, CancellationToken cancellationToken)
    {
        if (body is null)
        {
            return null;
        }

        var images = await _images.LoadAsync(body.Images, body.TakesFiles, cancellationToken).ConfigureAwait(false);
        var boundary = "Sora2SdkFormBoundary" + Guid.NewGuid().ToString("N");
        return new BodyContent(body.Render(images, boundary), body.ContentType(boundary));
    }

    private async Task<ApiResponse> ExchangeAsync(HttpRequestMessage message, ApiRequest request, BodyContent? body, string? taskId, TimeSpan timeout, CancellationToken token, CancellationToken caller)
    {
        try
        {
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            var stream = await answer.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            var bytes = await BoundedRead.ToEndAsync(stream, MaxAnswerLength, token, answer.Content.Headers.ContentLength).ConfigureAwait(false);
            return new ApiResponse
            {
                Platform = _platform.Name,
                Kind = request.Kind,
                StatusCode = answer.StatusCode,
                Body = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes,
                Method = request.Method,
                Address = message.RequestUri!,
                TaskId = taskId,
                RequestId = RequestIdOf(answer.Headers),
                RetryAfter = RetryAfter.Of(answer.Headers, _clock),
                Location = answer.Headers.Location,
            };
        }
        catch (OperationCanceledException e) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, caller);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            // Whatever a handler of the host's own throws: once the bytes may have left, the outcome of a paid request is not known.
            throw TransportFailure.Of(e, _platform, request, body, taskId, timeout);
        }
    }

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
                return values.First();
            }
        }

        return null;
    }

    private static string ProductVersion()
    {
        var version = typeof(ApiPipeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return version.Split('+')[0];
    }
}
