using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Polls a task once, with the SDK and by hand: HttpClient, headers read first, source-generated JSON.</summary>
/// <remarks>Without a network, so that nothing hides the difference.</remarks>
public partial class QueryBenchmarks
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""
        {"id":"video_5c6a605a-30c0-4a6a-9dbd-d1d6cfdd9980","size":"1280x720","model":"sora-2","object":"video",
        "status":"completed","seconds":"10","progress":100,
        "video_url":"https://media.example.com/sora/cc4fb429-22a5-4747-a6f9-a6badccf8f42.mp4",
        "created_at":1761622232,"completed_at":1761622385}
        """.ReplaceLineEndings(""));

    private readonly AuthenticationHeaderValue _key = new("Bearer", "test-key-juxin");
    private readonly HttpClient _http = new(new FixedResponse());
    private Sora2Client? _client;

    [GlobalSetup]
    public void Setup() => _client = new Sora2Client(new Sora2ClientOptions { ApiKey = "test-key-juxin" }, new FixedResponse());

    [Benchmark(Baseline = true)]
    public async Task<ByHandTask?> ByHand()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, "https://api.jxincm.cn/v1/video/query?id=" + Uri.EscapeDataString("video_5c6a605a"));
        request.Headers.Authorization = _key;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        return await JsonSerializer.DeserializeAsync(stream, ByHandJson.Default.ByHandTask).ConfigureAwait(false);
    }

    [Benchmark]
    public Task<VideoTask> Sdk() => _client!.Videos.GetAsync("video_5c6a605a");

    public sealed record ByHandTask(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("status")] string Status,
        [property: JsonPropertyName("progress")] double Progress,
        [property: JsonPropertyName("video_url")] Uri? VideoUrl,
        [property: JsonPropertyName("model")] string? Model,
        [property: JsonPropertyName("created_at")] long CreatedAt,
        [property: JsonPropertyName("completed_at")] long CompletedAt);

    [JsonSerializable(typeof(ByHandTask))]
    public sealed partial class ByHandJson : JsonSerializerContext;

    private sealed class FixedResponse : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Body) });
    }
}
