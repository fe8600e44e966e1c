namespace Sora2.Sdk.Transport;

/// <summary>The one send of a paid request. Whoever tries it again, while it runs or later, joins it and gets the same response.</summary>
/// <param name="body">The request's body.</param>
/// <param name="cancellationToken">Ends the send: the call's own timeout, and nothing that a handler decides.</param>
/// <param name="stopping">From then on nothing is handed to the network any more.</param>
internal sealed class PaidSend(SegmentedHttpContent body, CancellationToken cancellationToken, CancellationToken stopping)
{
    private readonly object _gate = new();
    private TaskCompletionSource<ReceivedResponse>? _response;
    private bool _isClosed;

    /// <summary>Whether what was handed to the network is our body, and nothing that a handler put in its place.</summary>
    public bool IsOwnBody { get; set; }

    /// <summary>Whether it is known, once the send has ended, that not a byte of the body left.</summary>
    public bool HasSentNothing => IsOwnBody && !body.HasBegun;

    /// <summary>The response, from the moment at which the request was handed to the network; null until then.</summary>
    public Task<ReceivedResponse>? Response => Volatile.Read(ref _response)?.Task;

    /// <param name="send">Sends it; called once.</param>
    /// <exception cref="SendRefusedException">The call has ended without it: a handler came too late.</exception>
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

    /// <summary>Lets nothing out any more, unless it is out already.</summary>
    /// <returns>Whether the request was never handed to the network, and never will be.</returns>
    public bool TryClose()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _response is null;
        }
    }

    private async Task CompleteAsync(TaskCompletionSource<ReceivedResponse> response, Func<CancellationToken, Task<HttpResponseMessage>> send) =>
        response.SetResult(await ReceivedResponse.ReadAsync(() => send(cancellationToken), SendGuard.MaxResponseLength, cancellationToken)
            .ConfigureAwait(false));
}
