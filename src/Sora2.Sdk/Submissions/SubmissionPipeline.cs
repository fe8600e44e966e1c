using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Sends everything that costs money: takes a slot, writes the intent, sends once, writes the outcome, and leaves the slot to the task.
/// </summary>
/// <param name="context">The client's shared parts.</param>
/// <param name="api">Sends the request.</param>
/// <param name="images">Loads the request's images.</param>
/// <param name="limiter">The client's limits on running tasks and on the rate of creates.</param>
/// <param name="journal">Writes the task records; null without a task store.</param>
/// <param name="drain">Counts the submissions under way, which a disposal waits for.</param>
internal sealed class SubmissionPipeline(
    ClientContext context, ApiClient api, ImageLoader images, SubmissionLimiter limiter, TaskJournal? journal, SubmissionDrain drain)
{
    private readonly KeyedWork _work = new(context, journal, drain);

    /// <summary>Submits a request, unless a task of its key is known: then nothing is sent, and that task is returned.</summary>
    /// <param name="request">The request.</param>
    /// <param name="decode">Reads the response, or throws the error that it reports.</param>
    /// <param name="cancellationToken">A token to cancel the operation. The outcome of a sent request still reaches the task store.</param>
    /// <exception cref="SubmissionUnknownException">It is not known whether the platform took the request.</exception>
    public async Task<T> SubmitAsync<T>(PaidRequest request, Func<ApiResponse, T> decode, CancellationToken cancellationToken)
        where T : class
    {
        ThrowIfNotPaid(request.Request);
        using var submission = drain.Enter();
        using var turn = await _work.EnterAsync(request, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (known, attempt) = await _work.FindAsync(request, cancellationToken).ConfigureAwait(false);
            if (known is not null)
            {
                return (T)(object)known;
            }

            using var slot = await limiter.AcquireSlotAsync(request, cancellationToken).ConfigureAwait(false);
            await limiter.WaitForIntervalAsync(request, cancellationToken).ConfigureAwait(false);
            if (attempt > 1)
            {
                // The attempt before may have come to another end during the wait for the slot.
                (known, attempt) = await _work.FindAsync(request, cancellationToken).ConfigureAwait(false);
                if (known is not null)
                {
                    return (T)(object)known;
                }
            }

            using var entry = journal is null
                ? null
                : await journal.TryBeginAsync(request, attempt, cancellationToken).ConfigureAwait(false);
            if (entry is null && journal is not null)
            {
                continue; // Another process has begun this work meanwhile.
            }

            T result;
            try
            {
                result = await SendAsync(request, decode, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                slot.TransferTo(e);
                await (entry?.FailedAsync(e) ?? Task.CompletedTask).ConfigureAwait(false);
                throw;
            }

            if (result is VideoTask task)
            {
                slot.TransferTo(task);
            }

            await (entry?.AcceptedAsync(result, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
            return result;
        }
    }

    private async Task<T> SendAsync<T>(PaidRequest request, Func<ApiResponse, T> decode, CancellationToken cancellationToken)
        where T : class
    {
        var call = new ApiCall<T>(request.Request, decode, request.SourceTaskId)
        {
            ExchangeToken = request.How.CompletesOnceSent ? CancellationToken.None : cancellationToken,
            Stopping = drain.Stopping,
            PromptTexts = request.Texts,
        };
        var telemetry = new SubmissionTelemetry(context.Telemetry, request, api.Addresses[0]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Stopping);
        try
        {
            var body = request.Request.Body!;
            call.Images = await images.LoadAsync(body.Images, body.TakesFiles, stop.Token).ConfigureAwait(false);
            var result = await api.SendPaidAsync(call, stop.Token).ConfigureAwait(false);
            telemetry.Accepted(result, call.Attempts);
            return result;
        }
        catch (Exception e)
        {
            var failure = ToFailure(e, call, request, stop.Token, cancellationToken);
            telemetry.Failed(failure, call.Attempts);
            if (failure is SubmissionCanceledException { Late: { } late })
            {
                drain.Track(late);
            }

            if (failure != e)
            {
                throw failure;
            }

            throw;
        }
    }

    /// <summary>Returns what the caller gets for a failure of the call.</summary>
    private Exception ToFailure(
        Exception e, ApiCall call, PaidRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        switch (e)
        {
            case SubmissionCanceledException:
                return e;
            case OperationCanceledException when cancellationToken.IsCancellationRequested:
                return new OperationCanceledException(e.Message, e, cancellationToken);
            case OperationCanceledException when stop.IsCancellationRequested:
                return drain.StoppedException(); // Nothing was sent, or it was surely not taken.
            case Sora2ApiException { MayHaveBeenCharged: null } unknown:
                return SubmissionUnknownException.For(
                    context.Platform, call.Request, unknown.WithAttempts(call.Failures), call.SentAt, request.Subject);
            case Sora2ApiException known:
                return known.WithAttempts(call.Failures);
            default:
                return e;
        }
    }

    private void ThrowIfNotPaid(ApiRequest request)
    {
        if (!ErrorClassifier.IsPaid(request.Kind) || request.Body is null)
        {
            throw new Sora2ValidationException(
                $"The adapter of {context.Platform.Title} encodes a create as {request}, of the kind {request.Kind}: "
                + "it has to be a POST of a paid kind. Nothing was sent.");
        }
    }
}
