using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Starts a simulator with a virtual clock and sends requests to its hosts with a bare <see cref="HttpClient"/>.</summary>
public abstract class SimulatorHttpTest : IAsyncLifetime
{
    public static readonly TheoryData<string> Relays = ["juxin", "zhenzhen"];

    // A new connection for each request: on a pooled one HttpClient repeats a GET by itself when the connection is dropped.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected VirtualClock Clock { get; } = new();

    protected Sora2Simulator Simulator { get; private set; } = null!;

    /// <summary>The id of the last created task.</summary>
    protected string TaskId => Simulator.Ledger.Requests.Last(request => request.WasBilled).TaskId!;

    /// <summary>The beginning of a PNG, which is all that a relay checks.</summary>
    protected static byte[] Png { get; } = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2, 3];

    public async ValueTask InitializeAsync()
    {
        var options = new Sora2SimulatorOptions { TimeProvider = Clock };
        Configure(options);
        Simulator = await Sora2Simulator.StartAsync(options, Cancellation);
        await StartedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await EndedAsync();
        await Simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual void Configure(Sora2SimulatorOptions options)
    {
        // The defaults, unless a test class overrides this method.
    }

    /// <summary>Starts what a test class needs in addition.</summary>
    protected virtual ValueTask StartedAsync() => ValueTask.CompletedTask;

    /// <summary>Stops what <see cref="StartedAsync"/> started.</summary>
    protected virtual ValueTask EndedAsync() => ValueTask.CompletedTask;

    protected Uri BaseOf(string platform) => platform switch
    {
        "juxin" => Simulator.JuxinBaseAddress,
        "zhenzhen" => Simulator.ZhenzhenBaseAddress,
        _ => Simulator.MediaBaseAddress,
    };

    protected async Task<Reply> SendAsync(
        HttpMethod method,
        Uri address,
        HttpContent? content = null,
        string? key = null,
        Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        headers?.Invoke(request.Headers);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);
        return new Reply((int)response.StatusCode, response.Headers, response.Content.Headers, bytes);
    }

    protected Task<HttpResponseMessage> OpenAsync(Uri address) =>
        _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Cancellation);

    protected Task<Reply> GetAsync(string platform, string path) =>
        SendAsync(HttpMethod.Get, new Uri(BaseOf(platform), path), key: Simulator.ApiKey);

    protected Task<Reply> PostAsync(string platform, string path, string json)
    {
        var body = new StringContent(json, Encoding.UTF8, "application/json");
        return SendAsync(HttpMethod.Post, new Uri(BaseOf(platform), path), body, Simulator.ApiKey);
    }

    /// <summary>Creates a video with a valid body in which one field is changed.</summary>
    protected Task<Reply> CreateAsync(string platform, string? field = null, string? json = null) =>
        PostAsync(platform, CreatePath(platform), With(ValidBody(platform), field, json));

    protected Task<Reply> CreateWithPromptAsync(string platform, string prompt) =>
        CreateAsync(platform, "prompt", JsonValue.Create(prompt).ToJsonString());

    protected Task<Reply> QueryAsync(string platform, string id) => GetAsync(
        platform,
        platform == "juxin" ? $"/v1/video/query?id={Uri.EscapeDataString(id)}" : $"/v2/videos/generations/{Uri.EscapeDataString(id)}");

    /// <summary>Creates a video, advances the clock until it is finished and returns its link.</summary>
    protected async Task<Uri> FinishedVideoAsync(string platform = "zhenzhen")
    {
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        return LinkIn(await QueryAsync(platform, id));
    }

    protected static Uri LinkIn(Reply reply)
    {
        var isFlat = reply.Json.TryGetProperty("video_url", out var url);
        if (!isFlat)
        {
            url = reply.Json.TryGetProperty("detail", out var detail)
                ? detail.GetProperty("url")
                : reply.Json.GetProperty("data").GetProperty("output");
        }

        return new Uri(url.GetString()!);
    }

    protected static string CreatePath(string platform) => platform == "juxin" ? "/v1/video/create" : "/v2/videos/generations";

    protected static MultipartFormDataContent Storyboard(
        string prompt,
        string? seconds = "10",
        string size = "16x9",
        string model = "sora-2-all")
    {
        var form = new MultipartFormDataContent { { new StringContent(model), "model" }, { new StringContent(prompt), "prompt" } };
        if (seconds is not null)
        {
            form.Add(new StringContent(seconds), "seconds");
        }

        form.Add(new StringContent(size), "size");
        form.Add(new StringContent("false"), "watermark");
        form.Add(new StringContent("true"), "private");
        return form;
    }

    protected static string Shots(params string[] durations) =>
        string.Join("\n\n", durations.Select((duration, at) => $"Shot {at + 1}:\nduration: {duration}\nScene: 老鹰展翅高飞"));

    private static JsonObject ValidBody(string platform) => platform == "juxin"
        ? new JsonObject
        {
            ["model"] = "sora-2-all",
            ["prompt"] = "一只小猫",
            ["duration"] = 10,
            ["aspect_ratio"] = "16:9",
            ["orientation"] = "landscape",
            ["size"] = "small",
            ["watermark"] = false,
            ["private"] = false,
            ["images"] = new JsonArray(),
        }
        : new JsonObject
        {
            ["model"] = "sora-2",
            ["prompt"] = "一只小猫",
            ["aspect_ratio"] = "16:9",
            ["duration"] = "10",
            ["hd"] = false,
            ["watermark"] = false,
            ["private"] = false,
        };

    /// <summary>Returns the body with one field set to raw JSON, or removed when the JSON is null.</summary>
    private static string With(JsonObject body, string? field, string? json)
    {
        if (field is not null)
        {
            body.Remove(field);
            if (json is not null)
            {
                body[field] = JsonNode.Parse(json);
            }
        }

        return body.ToJsonString();
    }
}
