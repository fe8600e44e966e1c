using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk;

/// <summary>An error of the SDK: the base class of all others.</summary>
/// <remarks>Programming errors (<see cref="ArgumentException"/>) and the caller's own cancellation have their .NET types.</remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public class Sora2Exception : Exception
{
    private string? _client;

    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What failed, the subject, and the next step.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public Sora2Exception(Sora2ErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        IsTransient = ErrorKindDefaults.IsTransient(kind);
        MayHaveBeenCharged = ErrorKindDefaults.MayHaveBeenCharged(kind);
    }

    /// <summary>Copies everything except kind, message and platform; each creator of an exception sets the platform.</summary>
    private protected Sora2Exception(Sora2Exception original, Sora2ErrorKind kind, string message)
        : base(message, original.InnerException)
    {
        Kind = kind;
        IsTransient = original.IsTransient;
        MayHaveBeenCharged = original.MayHaveBeenCharged;
        _client = original.ClientName;
        TaskId = original.TaskId;
        RequestId = original.RequestId;
        RequestLine = original.RequestLine;
        Attempts = original.Attempts;
        StatusCode = original.StatusCode;
        RawBody = original.RawBody;
        RetryAfter = original.RetryAfter;
    }

    /// <summary>What went wrong.</summary>
    public Sora2ErrorKind Kind { get; }

    /// <summary>Whether the same call may succeed a little later, at no further cost.</summary>
    /// <value>Follows <see cref="Kind"/> unless it is set. Never true once the call itself had a task accepted.</value>
    public bool IsTransient { get; init; }

    /// <summary>Whether money may have been spent on the subject of this error.</summary>
    /// <value>
    /// False if nothing was accepted (a refused create, a request that was not sent), true for an accepted task, whatever went wrong with
    /// it later, null if it is not known. Follows <see cref="Kind"/> unless it is set.
    /// </value>
    /// <remarks>For a failed task it is null: most relays refund, none promises to.</remarks>
    public bool? MayHaveBeenCharged { get; init; }

    /// <summary>What to do now, in one or two sentences for a person, in English or Chinese.</summary>
    /// <value>
    /// In Chinese if the name of <see cref="CultureInfo.CurrentUICulture"/> is <c>zh</c> or begins with <c>zh-</c> when it is read, else in
    /// English. Follows <see cref="Kind"/>, <see cref="MayHaveBeenCharged"/> and <see cref="TaskId"/>.
    /// </value>
    /// <remarks>
    /// Only if nothing was charged does it suggest to send a request again. <see cref="Exception.Message"/> has the details, with the
    /// platform's own words.
    /// </remarks>
    public string Advice => ErrorAdvice.For(Kind, MayHaveBeenCharged, TaskId);

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform, if one was involved.</summary>
    public string? PlatformName { get; init; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that a <see cref="Sora2Router"/> had chosen, or null.</summary>
    /// <remarks>It names the account, and the client to query for <see cref="TaskId"/>.</remarks>
    public string? ClientName
    {
        get => _client;
        init => _client = value;
    }

    /// <summary>The id of the task, if the error is about one.</summary>
    public string? TaskId { get; init; }

    /// <summary>The platform's id for the call; its support asks for it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Method and path of the call, such as <c>GET /v1/video/query</c>; without the query.</summary>
    public string? RequestLine { get; init; }

    /// <summary>How many times the call was attempted.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The HTTP status, if there was a response.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The response's body, at most 4,096 characters of it, with anything that looks like a key redacted.</summary>
    public string? RawBody { get; init; }

    /// <summary>The delay before the next request that the platform asks for, if it names one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Returns a text for logs: type, message, what a support request needs, cause and stack.</summary>
    /// <remarks>It contains no keys, signed links or images, and no <see cref="RawBody"/>.</remarks>
    public override string ToString() => ExceptionFormatter.Format(this, base.ToString(), DisplayFormat.Join(
        $"kind: {Kind}",
        PlatformName is null ? null : $"platform: {LogSanitizer.SingleLine(PlatformName)}",
        string.IsNullOrEmpty(ClientName) ? null : $"client: {LogSanitizer.SingleLine(ClientName)}",
        TaskId is null ? null : $"task: {LogSanitizer.SingleLine(TaskId)}",
        RequestId is null ? null : $"request id: {LogSanitizer.SingleLine(RequestId)}",
        RequestLine is null ? null : $"request: {LogSanitizer.SingleLine(RequestLine)}",
        StatusCode is { } status ? FormattableString.Invariant($"HTTP status: {(int)status}") : null,
        Attempts == 1 ? null : FormattableString.Invariant($"attempts: {Attempts}"),
        RetryAfter is { } delay ? $"retry after: {DisplayFormat.Duration(delay)}" : null,
        $"transient: {(IsTransient ? "yes" : "no")}",
        $"may have been charged: {(MayHaveBeenCharged is { } charged ? charged ? "yes" : "no" : "not known")}"));

    /// <summary>Sets <see cref="ClientName"/> on an exception that a router caught, unless it has one.</summary>
    /// <remarks>It keeps its stack when it is rethrown. The task of a key may belong to another client.</remarks>
    internal void NameClient(string name) => _client ??= name;
}
