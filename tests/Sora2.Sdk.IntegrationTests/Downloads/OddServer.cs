using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>A server that sends given bytes, also those that no correct server would send; one response per connection.</summary>
internal sealed class OddServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<byte[]> _responses;

    /// <param name="responses">Status line, headers and body of each; the last one is repeated.</param>
    public OddServer(params byte[][] responses)
    {
        _responses = new(responses);
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The request line and headers of every request.</summary>
    public List<string> Requests { get; } = [];

    public Uri Address => new($"http://{_listener.LocalEndpoint}/v.mp4?sig=secret");

    public static byte[] Response(string head, params byte[][] body) =>
    [
        .. Encoding.ASCII.GetBytes("HTTP/1.1 " + head.ReplaceLineEndings("\r\n") + "\r\nConnection: close\r\n\r\n"),
        .. body.SelectMany(part => part),
    ];

    /// <summary>A response 206 with everything from a byte on.</summary>
    public static byte[] Part(string headers, byte[] whole, int from) => Part(headers, whole, from, whole[from..]);

    /// <summary>A response 206 that announces everything from a byte on, and sends the given body.</summary>
    public static byte[] Part(string headers, byte[] whole, int from, byte[] body) => Response(
        $"""
        206 Partial Content
        {headers}
        Content-Range: bytes {from}-{whole.Length - 1}/{whole.Length}
        Content-Length: {whole.Length - from}
        """,
        body);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptSocketAsync();
                var head = new StringBuilder();
                var buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
                    && await connection.ReceiveAsync(buffer) is > 0 and var read)
                {
                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                Requests.Add(head.ToString());
                var response = _responses.Count > 1 ? _responses.Dequeue() : _responses.Peek();
                for (var sent = 0; sent < response.Length;)
                {
                    sent += await connection.SendAsync(response.AsMemory(sent));
                }

                connection.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended, or the client closed the connection.
        }
    }
}
