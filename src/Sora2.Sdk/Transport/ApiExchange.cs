using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Transport;

/// <summary>
/// One HTTP exchange of an API call: address, key, timeout over the body, and failures as <see cref="Sora2Exception"/>. Used once.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "SendAsync disposes the message, which owns the body, and the timer")]
internal sealed class ApiExchange
{
    /// <summary>The task in the log of a call that is about none.</summary>
    public const string NoTask = "(none)";

    /// <summary>The body length from which the server is asked before the body is sent.</summary>
    private const long LargeBody = 1024 * 1024;

    private static readonly string[] RequestIdHeaders = ["X-Oneapi-Request-Id", "X-Request-Id", "Request-Id"];

    private readonly ClientContext _context;
    private readonly HttpClient _http;
    private readonly ApiCall _call;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly SegmentedHttpContent? _body;
    private readonly PaidSend? _paid;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _timer;

    public ApiExchange(ClientContext context, HttpClient http, ApiCall call, string baseAddress)
    {
        (_context, _http, _call) = (context, http, call);
        _address = new Uri(baseAddress + call.Request.PathAndQuery);
        _authorization = context.Key.Authorization;
        if (call.Request.Body is { } body)
        {
            var boundary = MultipartBody.NewBoundary();
            _body = new SegmentedHttpContent(body.Render(call.Images, boundary), body.ContentType(boundary));
        }

        _timeout = call.Request.Kind switch
        {
            CallKind.Query => context.Options.QueryTimeout,
            CallKind.CreateCharacter => context.Options.CharacterTimeout,
            _ => context.Options.CreateTimeout,
        };
        _timer = new CancellationTokenSource(_timeout, context.Clock);
        if (_body is not null && ErrorClassifier.IsPaid(call.Request.Kind))
        {
            _paid = new PaidSend(_body, _timer.Token, call.Stopping);
            call.SentAt = context.Clock.GetUtcNow();
        }
    }

    private ClientTelemetry Telemetry => _context.Telemetry;

    public async Task<ApiResponse> SendAsync(CancellationToken cancellationToken)
    {
        using var message = CreateMessage();
        using var linked = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timer.Token)
            : null;
        var token = linked?.Token ?? _timer.Token;
        var shownAddress = Telemetry.Log.IsEnabled(LogLevel.Debug) ? Redaction.WithoutQuery(_address) : null;
        var start = shownAddress is null ? 0 : _context.Clock.GetTimestamp();
        if (shownAddress is not null)
        {
            Telemetry.Log.SendingRequest(Telemetry.Account, message.Method, shownAddress, Telemetry.SanitizeName(_call.TaskId) ?? NoTask);
        }

        var guarded = new GuardedCall(_authorization, _address, _paid, _body);
        guarded.Mark(message);
        guarded.Begin();
        ReceivedResponse? received = null;
        try
        {
            received = _paid is null
                ? await SendFreeAsync(message, guarded, token).ConfigureAwait(false)
                : await SendPaidAsync(message, guarded, _paid, token, cancellationToken).ConfigureAwait(false);
            if (received.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            if (shownAddress is not null)
            {
                Telemetry.Log.ResponseReceived(
                    Telemetry.Account,
                    message.Method,
                    shownAddress,
                    Telemetry.SanitizeName(_call.TaskId) ?? NoTask,
                    received.StatusCode!.Value,
                    received.Body.Length,
                    _context.Clock.GetElapsedTime(start).TotalSeconds,
                    RequestIdOf(received.Headers!));
            }

            return ToResponse(received);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            if (!TryPreventSend())
            {
                throw new SubmissionCanceledException(_context.Platform.Name, _call.SentAt, e, cancellationToken)
                {
                    LateResponse = _paid?.Response is { } late ? ReadLateAsync(late) : null,
                };
            }

            if (_paid?.Response is not null)
            {
                await _timer.CancelAsync().ConfigureAwait(false); // Nothing of it is sent any more.
            }

            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not Sora2Exception)
        {
            throw ToFailure(e, received);
        }
        finally
        {
            if (_paid?.Response is { IsCompleted: false } running)
            {
                _ = running.ContinueWith(_ => _timer.Dispose(), TaskScheduler.Default); // The send continues to its outcome.
            }
            else
            {
                _timer.Dispose();
            }
        }
    }

    /// <summary>Prevents that the body is sent.</summary>
    /// <returns>False if bytes of it have left, or may have.</returns>
    private bool TryPreventSend() => _paid is not { Response: not null, IsOwnBody: false } && _body?.TryGiveUp() != false;

    private HttpRequestMessage CreateMessage()
    {
        var message = new HttpRequestMessage(_call.Request.Method, _address) { Content = _body };
        message.Headers.TryAddWithoutValidation("User-Agent", HttpHandlers.UserAgent);
        message.Options.Set(Sora2RequestOptions.CallKind, _call.Request.Kind);
        if (_body?.Headers.ContentLength > LargeBody)
        {
            message.Headers.ExpectContinue = true; // A refusal then comes before the upload, and is not lost with the connection.
        }

        return message;
    }

    private async Task<ReceivedResponse> SendFreeAsync(HttpRequestMessage message, GuardedCall call, CancellationToken token)
    {
        var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
        return await ReadAsync(response, call, token).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a paid request and returns what the network returned for it: handlers of the host may give up early, swallow a failure, or
    /// return another response.
    /// </summary>
    private async Task<ReceivedResponse> SendPaidAsync(
        HttpRequestMessage message, GuardedCall call, PaidSend paid, CancellationToken token, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            if (paid.TryClose())
            {
                // A handler of the host responded itself; nothing was sent.
                return await ReadAsync(response, call, token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (!paid.TryClose())
        {
            // The request was sent; its own outcome counts.
        }

        return await paid.Response!.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ReceivedResponse> ReadAsync(HttpResponseMessage response, GuardedCall call, CancellationToken token)
    {
        // A handler of the host that follows a redirect returns a response that is not the API's.
        var elsewhere = response.RequestMessage?.RequestUri is { } last && !call.IsSameOrigin(last) ? last
            : call.WasReached ? null
            : call.Elsewhere;
        if (elsewhere is not null)
        {
            response.Dispose();
            throw new SendRefusedException(
                $"A handler of the host sent a call to {Redaction.WithoutQuery(elsewhere)} "
                + $"in place of {Redaction.WithoutQuery(call.Address)}, without the key. "
                + "Set BaseAddress to that address if it is right, or let the handler leave redirects alone.");
        }

        return await ReceivedResponse.ReadAsync(() => Task.FromResult(response), SendGuard.MaxResponseLength, token).ConfigureAwait(false);
    }

    private ApiResponse ToResponse(ReceivedResponse received)
    {
        var (headers, bytes) = (received.Headers!, received.Body);
        return new ApiResponse
        {
            Platform = _context.Platform.Name,
            Kind = _call.Request.Kind,
            StatusCode = received.StatusCode!.Value,
            Body = _context.Key.Mask(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes),
            Method = _call.Request.Method,
            Address = _address,
            TaskId = _call.TaskId,
            Key = _authorization.Parameter,
            RequestId = RequestIdOf(headers),
            RetryAfter = RetryAfterHeader.Parse(headers, _context.Clock),
            Location = headers.Location,
            // Parsed only where it is needed: most responses are UTF-8, and a wait has many of them.
            Charset = Utf8.IsValid(bytes.Span) ? null : received.ContentHeaders!.ContentType?.CharSet,
            PromptTexts = _call.PromptTexts,
            Sent = _body is null
                ? null
                : new SentSize(
                    _body.Headers.ContentLength ?? 0,
                    _call.Images.Count(image => image.Url is null),
                    _call.Images.Sum(image => image.Length)),
        };
    }

    private async Task<(ApiResponse? Response, string? TaskId)> ReadLateAsync(Task<ReceivedResponse> late)
    {
        var received = await late.ConfigureAwait(false);
        return received.Failure is null
            ? (ToResponse(received), null)
            : (null, ResponseReader.FindId(_context.Key.Mask(received.Body)));
    }

    private Exception ToFailure(Exception e, ReceivedResponse? received)
    {
        if (_paid is { Response: null } && _body?.HasBegun == false && _call.Stopping.IsCancellationRequested)
        {
            return new OperationCanceledException(e.Message, e, _call.Stopping);
        }

        if (_body?.Unread is { } unread)
        {
            return new Sora2ValidationException(
                $"An image could not be read to its end while it was sent to {_context.Platform.Title}: "
                + $"{MessageText.EnsurePeriod(unread.Message)} The request did not arrive completely, so it was not taken. "
                + "Do not change images until the call returns; send it again.",
                e)
            {
                PlatformName = _context.Platform.Name,
                TaskId = _call.TaskId,
            };
        }

        // Also for what a handler of the host throws: once bytes may have left, the outcome of a paid request is not known. An id that came
        // before the connection broke is kept.
        var taskId = _call.TaskId
            ?? (_paid is null || received is null ? null : ResponseReader.FindId(_context.Key.Mask(received.Body)));
        return TransportErrorMapper.Map(e, new SentRequest(_context.Platform, _call.Request, _address, _authorization.Parameter!)
        {
            Body = _body,
            Paid = _paid,
            TaskId = taskId,
            Timeout = _timer.IsCancellationRequested ? _timeout : null,
        });
    }

    private string? RequestIdOf(HttpResponseHeaders headers)
    {
        foreach (var name in RequestIdHeaders)
        {
            if (headers.TryGetValues(name, out var values))
            {
                return LogSanitizer.SingleLine(_context.Key.Mask(values.First()));
            }
        }

        return null;
    }
}
