using System.Net;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms;

/// <summary>A complete response for an adapter to decode: a value without I/O.</summary>
public sealed record ApiResponse
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public required string Platform { get; init; }

    /// <summary>The kind of call.</summary>
    public required CallKind Kind { get; init; }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode StatusCode { get; init; } = HttpStatusCode.OK;

    /// <summary>The body's bytes, decompressed.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The method of the call.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The address of the call.</summary>
    public required Uri Address { get; init; }

    /// <summary>The task the call was about, if it was about one.</summary>
    public string? TaskId { get; init; }

    /// <summary>The platform's id for this call, from a header.</summary>
    public string? RequestId { get; init; }

    /// <summary>The delay before the next request that the platform asks for, from <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The target of a redirect.</summary>
    public Uri? Location { get; init; }

    /// <summary>The key of the call, to redact it where the response echoes it.</summary>
    internal string? Key { get; init; }

    /// <summary>The charset of the body, from the header.</summary>
    internal string? Charset { get; init; }

    /// <summary>The caller's texts in a paid request, which the response may quote.</summary>
    internal PromptTexts PromptTexts { get; init; } = PromptTexts.None;

    /// <summary>The size of the request's body, if it had one.</summary>
    internal SentSize? Sent { get; init; }

    /// <summary>The platform's name with a capital letter.</summary>
    internal string PlatformTitle => Sora2Platform.TitleOf(Platform);

    /// <summary>Method and address, for messages.</summary>
    internal string Request => $"{Method} {Address.AbsoluteUri}";

    /// <summary>Whether the status is 200 to 299.</summary>
    public bool IsSuccess => (int)StatusCode is >= 200 and <= 299;

    /// <summary>Returns one readable line: the call without its query, and the status; never the body.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Kind} on {LogSanitizer.SingleLine(Platform)}: {Method} {LogSanitizer.SingleLine(Address)} returned {(int)StatusCode} with "
        + $"{DisplayFormat.Size(Body.Length)}{(RequestId is null ? "" : $", request id {LogSanitizer.SingleLine(RequestId)}")}");
}
