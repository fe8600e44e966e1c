using System.Buffers;

namespace Sora2.Sdk.Simulator;

/// <summary>Lets web pages of any origin call the hosts, as the gateway software of the platforms does.</summary>
internal static class Cors
{
    private static readonly SearchValues<char> HeaderNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_, ");

    public static bool IsPreflight(ReceivedRequest request) => request.Method == "OPTIONS";

    public static Answer AllowAnyOrigin(Answer answer) => answer.With("Access-Control-Allow-Origin", "*");

    /// <summary>What a browser asks before it sends a key or JSON; it asks without the key.</summary>
    public static Answer AnswerPreflight(ReceivedRequest request, SimulatorOperation operation) => Answer.Empty(204)
        .With("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .With("Access-Control-Allow-Headers", AllowedHeaders(request))
        .With("Access-Control-Allow-Private-Network", "true")
        .With("Access-Control-Max-Age", "43200");

    // A star does not cover Authorization, so the names that the browser asks for are said back to it.
    private static string AllowedHeaders(ReceivedRequest request) =>
        request.Headers.TryGetValue("Access-Control-Request-Headers", out var asked) && asked.Length > 0 && asked.AsSpan().IndexOfAnyExcept(HeaderNames) < 0
            ? asked
            : "Authorization, Content-Type, *";
}
