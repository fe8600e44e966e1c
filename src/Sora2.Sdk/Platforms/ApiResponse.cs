using System.Net;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms;

/// <summary>An answer as it came, read whole, for an adapter to decode: a value, free of I/O.</summary>
public sealed record ApiResponse
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform that answered.</summary>
    public required string Platform { get; init; }

    /// <summary>What the call was for.</summary>
    public required CallKind Kind { get; init; }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode StatusCode { get; init; } = HttpStatusCode.OK;

    /// <summary>The body's bytes, decompressed.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The method of the call.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The address that was asked.</summary>
    public required Uri Address { get; init; }

    /// <summary>The task the call was about, if it was about one.</summary>
    public string? TaskId { get; init; }

    /// <summary>The platform's id for this call, from a header.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the platform asks to be left alone, from <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where a redirect points.</summary>
    public Uri? Location { get; init; }

    /// <summary>The key that the call was made with, so that an answer that echoes it can be masked.</summary>
    internal string? Key { get; init; }

    /// <summary>The charset of the body, from the header.</summary>
    internal string? Charset { get; init; }

    /// <summary>What a paid request said in the caller's words; the answer may quote it.</summary>
    internal PromptTexts PromptTexts { get; init; } = PromptTexts.None;

    /// <summary>The size of what was sent, if it had a body.</summary>
    internal SentSize? Sent { get; init; }

    /// <summary>The platform's name as it begins a sentence.</summary>
    internal string PlatformTitle => Sora2Platform.TitleOf(Platform);

    /// <summary>What was asked, for messages.</summary>
    internal string Request => $"{Method} {Address.AbsoluteUri}";

    /// <summary>True for a status of 200 to 299.</summary>
    public bool IsSuccess => (int)StatusCode is >= 200 and <= 299;

    /// <summary>One readable line: what was asked, without the query, and the status; never the body.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Kind} on {LogSanitizer.SingleLine(Platform)}: {Method} {LogSanitizer.SingleLine(Address)} answered {(int)StatusCode} with {DisplayFormat.Size(Body.Length)}{(RequestId is null ? "" : $", request id {LogSanitizer.SingleLine(RequestId)}")}");
}
