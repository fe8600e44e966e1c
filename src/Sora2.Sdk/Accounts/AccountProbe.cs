using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Accounts;

/// <summary>One free call of a check, and its outcome.</summary>
/// <param name="Request">The call.</param>
/// <param name="Response">The response, or null if none arrived.</param>
/// <param name="Error">The error, or null if the response is the expected one.</param>
/// <param name="Latency">How long it took.</param>
internal sealed record AccountProbe(ApiRequest Request, ApiResponse? Response, Exception? Error, TimeSpan Latency)
{
    /// <summary>The kind of the error; null without an error.</summary>
    public Sora2ErrorKind? Kind => Error is null ? null : Error is Sora2Exception e ? e.Kind : Sora2ErrorKind.Unknown;

    /// <summary>Whether the host responded that it has no such route.</summary>
    public bool IsRouteMissing => Response is not null && Kind == Sora2ErrorKind.WrongEndpoint;
}
