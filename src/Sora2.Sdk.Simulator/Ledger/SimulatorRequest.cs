using System.Text.Json;

namespace Sora2.Sdk.Simulator;

/// <summary>One request as a simulated host saw it, and what came of it. The API key never stands in it in clear.</summary>
public sealed record SimulatorRequest
{
    /// <summary>The host: <c>juxin</c>, <c>zhenzhen</c> or <c>media</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>What was asked.</summary>
    public required SimulatorOperation Operation { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query exactly as they were sent, still escaped; the API key is masked.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>The headers by name, without regard to case. <c>Authorization</c> holds its scheme and <c>[the key]</c> or <c>[another key]</c>.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Whether the request carried the right key as a bearer token, or bare with <see cref="Sora2SimulatorOptions.Strict"/> off; null when it had no <c>Authorization</c> header.</summary>
    public required bool? AuthorizationMatched { get; init; }

    /// <summary>Whether the API key stood anywhere in the address or the headers. On the media host that is a leak and is refused.</summary>
    public required bool CarriedKey { get; init; }

    /// <summary>The body as it was sent; empty when <see cref="Sora2SimulatorOptions.RecordBodies"/> is off.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body read as JSON; null when it is not JSON.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>The text parts of a multipart body, by name, in the order they were sent.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> FormFields { get; init; }

    /// <summary>The names of all parts of a multipart body, in the order they were sent.</summary>
    public required IReadOnlyList<string> FormPartNames { get; init; }

    /// <summary>The file parts of a multipart body, in the order they were sent.</summary>
    public required IReadOnlyList<SimulatorFormFile> FormFiles { get; init; }

    /// <summary>The status code answered; null when the connection was dropped without an answer or the client went away before it had sent everything.</summary>
    public required int? StatusCode { get; init; }

    /// <summary>Whether this request was accepted and costs money, whatever the client got to see of it.</summary>
    public required bool WasBilled { get; init; }

    /// <summary>The task or character that was made, or the task that was asked for.</summary>
    public string? TaskId { get; init; }

    /// <summary>User names of the characters that the prompt mentions and the platform knows, in the order of the prompt.</summary>
    public required IReadOnlyList<string> Mentions { get; init; }

    /// <summary>The fault that met this request; null when it was answered as usual.</summary>
    public SimulatorFault? Fault { get; init; }

    /// <summary>When the request had arrived, by the simulator's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>One line: host, method, path without the query, status, whether it was billed, the task.</summary>
    public override string ToString() => string.Join(
        "  ",
        new[]
        {
            Platform,
            $"{Method} {PathAndQuery.Split('?')[0]}",
            StatusCode is { } status ? FormattableString.Invariant($"{status}") : "no answer",
            WasBilled ? "billed" : null,
            TaskId,
            Fault is { } fault ? $"[{fault}]" : null,
        }.Where(part => part is not null));
}
