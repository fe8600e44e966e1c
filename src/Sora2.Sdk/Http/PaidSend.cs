namespace Sora2.Sdk;

/// <summary>The one send of a paid request. Whoever tries it again, while it runs or later, joins it and gets the same response.</summary>
/// <param name="body">The request's body.</param>
/// <param name="cancellationToken">Ends the send: the call's own timeout, and nothing that a handler decides.</param>
internal sealed class PaidSend(BodyContent body, CancellationToken cancellationToken)
{
    private readonly object _gate = new();
    private Task<ReceivedResponse>? _response;

    public BodyContent Body => body;

    /// <summary>Whether what was handed to the network is <see cref="Body"/>, and nothing that a handler put in its place.</summary>
    public bool IsOwnBody { get; set; }

    /// <summary>The response, from the moment at which the request was handed to the network; null until then.</summary>
    public Task<ReceivedResponse>? Response => Volatile.Read(ref _response);

    public Task<ReceivedResponse> SendOrJoinAsync(Func<CancellationToken, Task<ReceivedResponse>> send)
    {
        lock (_gate)
        {
            return _response ??= send(cancellationToken);
        }
    }
}
