using Sora2.Sdk.Common;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Transport;

/// <summary>One API call over all its attempts.</summary>
/// <param name="request">The request as the adapter encoded it.</param>
/// <param name="taskId">The task the call is about, or null.</param>
internal class ApiCall(ApiRequest request, string? taskId)
{
    private List<Sora2ApiException>? _failures;

    public ApiRequest Request => request;

    public string? TaskId => taskId;

    /// <summary>The request's images, loaded once for all attempts: a stream that cannot seek is used up by the first read.</summary>
    public IReadOnlyList<LoadedImage> Images { get; set; } = [];

    /// <summary>The number of exchanges, at any address.</summary>
    public int Attempts { get; set; }

    public List<Sora2ApiException> Failures => _failures ??= [];

    /// <summary>Cancels an exchange in place of the attempt's token: a sent request continues when the client stops.</summary>
    public CancellationToken? ExchangeToken { get; init; }

    /// <summary>Prevents a paid request from being handed to the network: the client is stopping.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>The caller's own texts, which a response may quote.</summary>
    public PromptTexts PromptTexts { get; init; } = PromptTexts.None;

    /// <summary>Whether the call skips the queue of queries.</summary>
    public bool SkipsQueue { get; init; }

    /// <summary>When the last attempt of a paid call was sent.</summary>
    public DateTimeOffset SentAt { get; set; }
}

/// <inheritdoc />
/// <param name="request">The request as the adapter encoded it.</param>
/// <param name="decode">
/// Reads the response, or throws the error that it reports. Runs inside the retries, so that a truncated response is retried.
/// </param>
/// <param name="taskId">The task the call is about, or null.</param>
internal sealed class ApiCall<T>(ApiRequest request, Func<ApiResponse, T> decode, string? taskId) : ApiCall(request, taskId)
{
    public Func<ApiResponse, T> Decode => decode;
}
