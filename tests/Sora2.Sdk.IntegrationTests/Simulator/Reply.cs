using System.Net.Http.Headers;
using System.Text.Json;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>A complete response of a simulated host.</summary>
public sealed record Reply(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => Captured.Parsed(Bytes);

    /// <summary>The id of the created task, in the field that the platform uses.</summary>
    public string TaskId => Json.TryGetProperty("task_id", out var id) ? id.GetString()! : Json.GetProperty("id").GetString()!;

    public string ErrorMessage => Json.GetProperty("error").GetProperty("message").GetString()!;

    public string ErrorField => Json.GetProperty("error").GetProperty("param").GetString()!;
}
