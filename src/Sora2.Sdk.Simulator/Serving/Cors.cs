using System.Buffers;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>Lets web pages of any origin call the hosts, as the gateway software of the platforms does.</summary>
internal static class Cors
{
    private static readonly SearchValues<char> HeaderNames =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_, ");

    public static bool IsPreflight(ReceivedRequest request) => request.Method == "OPTIONS";

    public static SimulatedResponse AllowAnyOrigin(SimulatedResponse response) => response.With("Access-Control-Allow-Origin", "*");

    /// <summary>Creates the response to a preflight request, which a browser sends without the key before it sends a key or JSON.</summary>
    public static SimulatedResponse PreflightResponse(ReceivedRequest request, SimulatorOperation operation) => SimulatedResponse.Empty(204)
        .With("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .With("Access-Control-Allow-Headers", AllowedHeaders(request))
        .With("Access-Control-Allow-Private-Network", "true")
        .With("Access-Control-Max-Age", "43200");

    // A wildcard does not cover Authorization, so the response repeats the header names that the browser lists.
    private static string AllowedHeaders(ReceivedRequest request) =>
        request.Headers.TryGetValue("Access-Control-Request-Headers", out var requested)
        && requested.Length > 0
        && requested.AsSpan().IndexOfAnyExcept(HeaderNames) < 0
            ? requested
            : "Authorization, Content-Type, *";
}
