namespace Sora2.Sdk.Transport;

/// <summary>The single send of a paid request. A later try of the same request joins it and gets the same response.</summary>
/// <param name="body">The request's body.</param>
/// <param name="cancellationToken">Cancels the send at the call's own timeout; handlers cannot.</param>
/// <param name="stopping">Prevents that anything is handed to the network from then on.</param>
internal sealed class PaidSend(SegmentedHttpContent body, CancellationToken cancellationToken, CancellationToken stopping)
{
    private readonly object _gate = new();
    private TaskCompletionSource<ReceivedResponse>? _response;
    private bool _isClosed;

    /// <summary>Whether the SDK's own body was handed to the network, and not one that a handler put in its place.</summary>
    public bool IsOwnBody { get; set; }

    /// <summary>Whether it is certain, once the send has ended, that no byte of the body left.</summary>
    public bool HasSentNothing => IsOwnBody && !body.HasBegun;

    /// <summary>The response, from when the request is handed to the network; null until then.</summary>
    public Task<ReceivedResponse>? Response => Volatile.Read(ref _response)?.Task;

    /// <summary>Sends the request, or joins the send under way or ended.</summary>
    /// <param name="send">Sends the request; called once.</param>
    /// <exception cref="SendRefusedException">The call has ended already: a handler sent too late.</exception>
    public Task<ReceivedResponse> SendOrJoinAsync(Func<CancellationToken, Task<HttpResponseMessage>> send)
    {
        TaskCompletionSource<ReceivedResponse> response;
        lock (_gate)
        {
            if (_response is not null)
            {
                return _response.Task;
            }

            if (_isClosed || stopping.IsCancellationRequested)
            {
                throw new SendRefusedException("A handler sent a paid request after its call had ended.");
            }

            _response = response = new TaskCompletionSource<ReceivedResponse>();
        }

        _ = CompleteAsync(response, send);
        return response.Task;
    }

    /// <summary>Prevents the send, unless it has begun.</summary>
    /// <returns>Whether the request was not handed to the network, and will not be.</returns>
    public bool TryClose()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _response is null;
        }
    }

    private async Task CompleteAsync(
        TaskCompletionSource<ReceivedResponse> response, Func<CancellationToken, Task<HttpResponseMessage>> send) =>
        response.SetResult(await ReceivedResponse.ReadAsync(() => send(cancellationToken), SendGuard.MaxResponseLength, cancellationToken)
            .ConfigureAwait(false));
}
