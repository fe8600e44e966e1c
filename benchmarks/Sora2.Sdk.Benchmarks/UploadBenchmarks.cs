using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Sends an image of 20 MB from a file over loopback, with the SDK and by hand.</summary>
/// <remarks>
/// The receiver allocates nothing, so the bytes shown are the sender's. They are the total allocated, which is never less than the peak.
/// </remarks>
public partial class UploadBenchmarks
{
    private readonly string _path = Path.GetTempFileName();
    private readonly HttpClient _http = new();
    private Drain? _drain;
    private Sora2Client? _client;
    private ImageInput? _image;

    [GlobalSetup]
    public void Setup()
    {
        var picture = new byte[20_000_000];
        new Random(1).NextBytes(picture);
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFN").CopyTo(picture, 0);
        File.WriteAllBytes(_path, picture);
        _drain = new Drain();
        _client = Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin", options => options.BaseAddress = _drain.Address);
        _image = ImageInput.FromFile(_path);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client!.Dispose();
        _http.Dispose();
        _drain!.Dispose();
        File.Delete(_path);
    }

    [Benchmark]
    public async Task<HttpStatusCode> DataUriByHand()
    {
        var image = Convert.ToBase64String(await File.ReadAllBytesAsync(_path).ConfigureAwait(false));
        var body = new ByHandVideo("sora-2-all", "a", ["data:image/png;base64," + image]);
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, VideoByHandJson.Default.ByHandVideo));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync(new Uri(_drain!.Address, "/v1/video/create"), content).ConfigureAwait(false);
        return response.StatusCode;
    }

    [Benchmark]
    public Task<VideoTask> DataUri() => _client!.Videos.CreateAsync(new VideoRequest("a") { Images = [_image!] });

    [Benchmark]
    public async Task<HttpStatusCode> MultipartByHand()
    {
        using var content = new MultipartFormDataContent
        {
            { new StringContent("sora-2-all"), "model" },
            { new StreamContent(File.OpenRead(_path)), "input_reference", "image.png" },
        };
        using var response = await _http.PostAsync(new Uri(_drain!.Address, "/v1/videos"), content).ConfigureAwait(false);
        return response.StatusCode;
    }

    [Benchmark]
    public Task<VideoTask> Multipart() =>
        _client!.Videos.CreateAsync(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10), _image!).Build());

    public sealed record ByHandVideo(
        [property: JsonPropertyName("model")] string Model,
        [property: JsonPropertyName("prompt")] string Prompt,
        [property: JsonPropertyName("images")] string[] Images);

    [JsonSerializable(typeof(ByHandVideo))]
    public sealed partial class VideoByHandJson : JsonSerializerContext;

    /// <summary>A server that reads requests by their length and accepts every one.</summary>
    private sealed class Drain : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Drain()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            new Thread(Accept) { IsBackground = true }.Start();
        }

        public Uri Address =>
            new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}"));

        public void Dispose() => _listener.Dispose();

        private void Accept()
        {
            try
            {
                while (true)
                {
                    var connection = _listener.Accept();
                    new Thread(() => Serve(connection)) { IsBackground = true }.Start();
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The benchmark is over.
            }
        }

        private static void Serve(Socket connection)
        {
            const string Json = """{"id":"task-1","status":"queued"}""";
            var accepted = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Json.Length}\r\n\r\n{Json}"));
            var buffer = new byte[256 * 1024];
            using (connection)
            {
                var filled = 0;
                while (connection.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None) is > 0 and var received)
                {
                    filled += received;
                    var head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                    if (head < 0)
                    {
                        continue;
                    }

                    var announced = buffer.AsSpan(buffer.AsSpan(0, head).IndexOf("Content-Length: "u8) + "Content-Length: ".Length);
                    if (!Utf8Parser.TryParse(announced, out long length, out _))
                    {
                        return; // a chunked body, which relays do not accept either
                    }

                    for (var left = length - (filled - head - 4); left > 0;)
                    {
                        left -= connection.Receive(buffer) is > 0 and var more ? more : left;
                    }

                    connection.Send(accepted);
                    filled = 0;
                }
            }
        }
    }
}
