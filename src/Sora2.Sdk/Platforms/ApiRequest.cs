using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Platforms;

/// <summary>One call as an adapter encodes it: a value, free of I/O. The pipeline adds base address, key, time-out and retries.</summary>
public sealed class ApiRequest
{
    private ApiRequest(CallKind kind, HttpMethod method, string pathAndQuery, ApiBody? body)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathAndQuery);
        if (pathAndQuery[0] != '/')
        {
            throw new ArgumentException($"The path \"{pathAndQuery}\" has to begin with a slash: it is put behind the base address.", nameof(pathAndQuery));
        }

        if (kind == CallKind.Media)
        {
            throw new ArgumentException($"{nameof(CallKind)}.{nameof(CallKind.Media)} is for the SDK's own downloads; a free call is {nameof(CallKind)}.{nameof(CallKind.Query)}.", nameof(kind));
        }

        Kind = kind;
        Method = method;
        PathAndQuery = pathAndQuery;
        Body = body;
    }

    /// <summary>What the call is for.</summary>
    public CallKind Kind { get; }

    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; }

    /// <summary>Path and query, escaped, with a leading slash.</summary>
    public string PathAndQuery { get; }

    /// <summary>The body, or null for none.</summary>
    public ApiBody? Body { get; }

    /// <summary>A GET.</summary>
    /// <param name="kind">What the call is for.</param>
    /// <param name="pathAndQuery">Path and query, escaped, with a leading slash.</param>
    /// <returns>The request.</returns>
    public static ApiRequest Get(CallKind kind, string pathAndQuery) => new(kind, HttpMethod.Get, pathAndQuery, null);

    /// <summary>A POST.</summary>
    /// <param name="kind">What the call is for.</param>
    /// <param name="pathAndQuery">Path and query, escaped, with a leading slash.</param>
    /// <param name="body">A <see cref="JsonBody"/> or a <see cref="MultipartBody"/>.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">The kind is a free one: it would be sent again on a failure. Use <see cref="PostFree"/> if it costs nothing.</exception>
    public static ApiRequest Post(CallKind kind, string pathAndQuery, ApiBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return ErrorClassifier.Paid(kind)
            ? new ApiRequest(kind, HttpMethod.Post, pathAndQuery, body)
            : throw new ArgumentException($"A POST of the kind {kind} would be sent again on a failure. Use {nameof(PostFree)} if it costs nothing.", nameof(kind));
    }

    /// <summary>A POST that costs nothing, such as a query with a body; it is repeated on passing faults.</summary>
    /// <param name="pathAndQuery">Path and query, escaped, with a leading slash.</param>
    /// <param name="body">A <see cref="JsonBody"/> or a <see cref="MultipartBody"/>.</param>
    /// <returns>The request.</returns>
    public static ApiRequest PostFree(string pathAndQuery, ApiBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new ApiRequest(CallKind.Query, HttpMethod.Post, pathAndQuery, body);
    }

    /// <summary>The same call, for something else.</summary>
    internal ApiRequest As(CallKind kind) => new(kind, Method, PathAndQuery, Body);

    /// <summary>Method and path without the query, for exceptions and records.</summary>
    internal string Redacted => $"{Method} {PathAndQuery.Split('?')[0]}";

    /// <summary>Method and path without the query, such as <c>GET /v1/models</c>.</summary>
    public override string ToString() => LogSanitizer.SingleLine(Redacted);
}
