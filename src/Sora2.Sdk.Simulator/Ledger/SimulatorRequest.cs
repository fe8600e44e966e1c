using System.Text.Json;

namespace Sora2.Sdk.Simulator;

/// <summary>A request that a simulated host received, and its outcome. It never contains the API key in clear text.</summary>
public sealed record SimulatorRequest
{
    /// <summary>The host: <c>juxin</c>, <c>zhenzhen</c> or <c>media</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The requested operation.</summary>
    public required SimulatorOperation Operation { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path and query exactly as sent, still escaped; the API key is redacted.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>The headers by name, ignoring case.</summary>
    /// <value><c>Authorization</c> contains its scheme and <c>[the key]</c> or <c>[another key]</c>.</value>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Whether the request carried the right key in its <c>Authorization</c> header; null without that header.</summary>
    /// <remarks>The key has to be a bearer token; with <see cref="Sora2SimulatorOptions.Strict"/> off a bare key matches as well.</remarks>
    public required bool? AuthorizationMatched { get; init; }

    /// <summary>Whether the address or the headers contained the API key. On the media host that is a leak and is refused.</summary>
    public required bool CarriedKey { get; init; }

    /// <summary>The body as sent; empty when <see cref="Sora2SimulatorOptions.RecordBodies"/> is off.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body as JSON; null when it is not JSON, or when <see cref="Sora2SimulatorOptions.RecordBodies"/> is off.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>The text parts of a multipart body by name, in the order sent.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> FormFields { get; init; }

    /// <summary>The names of all parts of a multipart body, in the order sent.</summary>
    public required IReadOnlyList<string> FormPartNames { get; init; }

    /// <summary>The file parts of a multipart body, in the order sent.</summary>
    public required IReadOnlyList<SimulatorFormFile> FormFiles { get; init; }

    /// <summary>The status code of the response; null when the request got no response.</summary>
    /// <remarks>A fault dropped the connection, or the client disconnected before it had sent the complete request.</remarks>
    public required int? StatusCode { get; init; }

    /// <summary>Whether this request was accepted and billed, whatever response the client received.</summary>
    public required bool WasBilled { get; init; }

    /// <summary>The id of the created task or character, or of the queried task; null for none.</summary>
    public string? TaskId { get; init; }

    /// <summary>The user names of the characters that the prompt mentions and the platform knows, in the order of the prompt.</summary>
    public required IReadOnlyList<string> Mentions { get; init; }

    /// <summary>The fault that was applied to this request; null when it was handled as usual.</summary>
    public SimulatorFault? Fault { get; init; }

    /// <summary>The time at which the complete request had arrived, by the simulator's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Returns one line with host, method, path without the query, status, whether it was billed, task and fault.</summary>
    public override string ToString() => string.Join(
        "  ",
        new[]
        {
            Platform,
            $"{Method} {PathAndQuery.Split('?')[0]}",
            StatusCode is { } status ? FormattableString.Invariant($"{status}") : "no response",
            WasBilled ? "billed" : null,
            TaskId,
            Fault is { } fault ? $"[{fault}]" : null,
        }.Where(part => part is not null));
}
