using System.Net.Http.Headers;
using System.Text.Json;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>An answer of a simulated host, read to its end.</summary>
public sealed record Reply(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => Captured.Parsed(Bytes);

    /// <summary>The id of a task that was made, wherever the platform puts it.</summary>
    public string TaskId => Json.TryGetProperty("task_id", out var id) ? id.GetString()! : Json.GetProperty("id").GetString()!;

    public string ErrorMessage => Json.GetProperty("error").GetProperty("message").GetString()!;

    public string ErrorField => Json.GetProperty("error").GetProperty("param").GetString()!;
}
