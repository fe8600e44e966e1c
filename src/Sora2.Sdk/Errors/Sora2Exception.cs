using System.Net;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk;

/// <summary>Everything that can go wrong when the SDK is used, but for programming slips (<see cref="ArgumentException"/>) and the caller's own cancellation.</summary>
[JsonConverter(typeof(Sora2ExceptionJsonConverter))]
public class Sora2Exception : Exception
{
    private string? _client;

    /// <summary>An error of a kind.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What happened, to what, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public Sora2Exception(Sora2ErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        IsTransient = ErrorKindDefaults.IsTransient(kind);
        MayHaveBeenCharged = ErrorKindDefaults.MayHaveBeenCharged(kind);
    }

    /// <summary>What went wrong.</summary>
    public Sora2ErrorKind Kind { get; }

    /// <summary>Whether the same call may well succeed a little later, at no further cost. Never true once a task was accepted by the call itself. Follows <see cref="Kind"/> unless it is set.</summary>
    public bool IsTransient { get; init; }

    /// <summary>
    /// Whether money may have been spent on what this error is about: false where nothing was accepted (a refused create, a request that was not sent), true for
    /// a task that was accepted, whatever went wrong with it later, null where it is not known. A failed task is null: most relays pay back, none promises to. Follows <see cref="Kind"/> unless it is set.
    /// </summary>
    public bool? MayHaveBeenCharged { get; init; }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform, where one was involved.</summary>
    public string? Platform { get; init; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that a <see cref="Sora2Router"/> had chosen, where one had: whose account, and whom to ask for <see cref="TaskId"/>.</summary>
    public string? Client
    {
        get => _client;
        init => _client = value;
    }

    /// <summary>The task this is about, where there is one.</summary>
    public string? TaskId { get; init; }

    /// <summary>The platform's id for the call; its support asks for it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Method and path of the call, such as <c>GET /v1/video/query</c>; without the query.</summary>
    public string? Request { get; init; }

    /// <summary>How many times the call was tried.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The HTTP status, where an answer came.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The answer's body, at most 4,096 characters of it, with anything that looks like a key masked.</summary>
    public string? RawBody { get; init; }

    /// <summary>How long the platform asks to be left alone, where it said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Everything for a log: type, message, what a support request needs, the cause and the stack. Free of keys, signed links and images; <see cref="RawBody"/> is left out.
    /// </summary>
    public override string ToString() => ExceptionFormatter.Format(this, base.ToString(), DisplayFormat.Join(
        $"kind: {Kind}",
        Platform is null ? null : $"platform: {LogSanitizer.SingleLine(Platform)}",
        string.IsNullOrEmpty(Client) ? null : $"client: {LogSanitizer.SingleLine(Client)}",
        TaskId is null ? null : $"task: {LogSanitizer.SingleLine(TaskId)}",
        RequestId is null ? null : $"request id: {LogSanitizer.SingleLine(RequestId)}",
        Request is null ? null : $"request: {LogSanitizer.SingleLine(Request)}",
        StatusCode is { } status ? FormattableString.Invariant($"HTTP status: {(int)status}") : null,
        Attempts == 1 ? null : FormattableString.Invariant($"attempts: {Attempts}"),
        RetryAfter is { } pause ? $"retry after: {DisplayFormat.Duration(pause)}" : null,
        $"transient: {(IsTransient ? "yes" : "no")}",
        $"may have been charged: {(MayHaveBeenCharged is { } charged ? charged ? "yes" : "no" : "not known")}"));

    /// <summary>For the router, which learns of an exception when it catches it, and throws it on with its stack.</summary>
    internal void NameClient(string name) => _client = name;
}
