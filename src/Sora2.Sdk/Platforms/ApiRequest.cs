using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Platforms;

/// <summary>One call as an adapter encodes it: a value without I/O. The pipeline adds base address, key, timeout and retries.</summary>
public sealed class ApiRequest
{
    private ApiRequest(CallKind kind, HttpMethod method, string pathAndQuery, ApiBody? body)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathAndQuery);
        if (pathAndQuery[0] != '/')
        {
            throw new ArgumentException(
                $"The path \"{pathAndQuery}\" does not begin with a slash. It is appended to the base address: add the slash.",
                nameof(pathAndQuery));
        }

        if (kind == CallKind.Media)
        {
            throw new ArgumentException(
                $"{nameof(CallKind)}.{nameof(CallKind.Media)} is for the SDK's own downloads. Use {nameof(CallKind)}."
                + $"{nameof(CallKind.Query)} for a free call.",
                nameof(kind));
        }

        Kind = kind;
        Method = method;
        PathAndQuery = pathAndQuery;
        Body = body;
    }

    /// <summary>The kind of call.</summary>
    public CallKind Kind { get; }

    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; }

    /// <summary>Path and query, escaped, with a leading slash.</summary>
    public string PathAndQuery { get; }

    /// <summary>The body, or null for none.</summary>
    public ApiBody? Body { get; }

    /// <summary>Creates a GET.</summary>
    /// <param name="kind">The kind of call.</param>
    /// <param name="pathAndQuery">Path and query, escaped, with a leading slash.</param>
    /// <returns>The request.</returns>
    public static ApiRequest Get(CallKind kind, string pathAndQuery) => new(kind, HttpMethod.Get, pathAndQuery, null);

    /// <summary>Creates a paid POST, which is sent once.</summary>
    /// <param name="kind">The kind of call.</param>
    /// <param name="pathAndQuery">Path and query, escaped, with a leading slash.</param>
    /// <param name="body">A <see cref="JsonBody"/> or a <see cref="MultipartBody"/>.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">
    /// The kind is free of charge, so that the call would be retried after an error. Use <see cref="PostFree"/> if it costs nothing.
    /// </exception>
    public static ApiRequest Post(CallKind kind, string pathAndQuery, ApiBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return ErrorClassifier.IsPaid(kind)
            ? new ApiRequest(kind, HttpMethod.Post, pathAndQuery, body)
            : throw new ArgumentException(
                $"A POST of the kind {kind} would be retried after an error. Use {nameof(PostFree)} if it costs nothing.", nameof(kind));
    }

    /// <summary>Creates a POST that costs nothing, such as a query with a body; it is retried after transient errors.</summary>
    /// <param name="pathAndQuery">Path and query, escaped, with a leading slash.</param>
    /// <param name="body">A <see cref="JsonBody"/> or a <see cref="MultipartBody"/>.</param>
    /// <returns>The request.</returns>
    public static ApiRequest PostFree(string pathAndQuery, ApiBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new ApiRequest(CallKind.Query, HttpMethod.Post, pathAndQuery, body);
    }

    /// <summary>Returns the same call with another kind.</summary>
    internal ApiRequest As(CallKind kind) => new(kind, Method, PathAndQuery, Body);

    /// <summary>Method and path without the query, for exceptions and records.</summary>
    internal string Redacted => $"{Method} {PathAndQuery.Split('?')[0]}";

    /// <summary>Returns method and path without the query, such as <c>GET /v1/models</c>.</summary>
    public override string ToString() => LogSanitizer.SingleLine(Redacted);
}
