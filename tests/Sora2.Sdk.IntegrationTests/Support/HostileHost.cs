using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>An API that may return any bytes, the key included. One request per connection.</summary>
internal sealed class HostileHost : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, byte[]> _respond;
    private readonly List<string> _heads = [];

    /// <param name="respond">Returns the response to a request, given its head.</param>
    public HostileHost(Func<string, byte[]> respond)
    {
        _respond = respond;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>The request line and headers of every request.</summary>
    public IReadOnlyList<string> Heads
    {
        get
        {
            lock (_heads)
            {
                return [.. _heads];
            }
        }
    }

    public static byte[] Json(string body, string status = "200 OK", string headers = "") =>
        Response(status, "Content-Type: application/json\r\n" + headers, body);

    public static byte[] Response(string status, string headers, string body)
    {
        var content = Encoding.UTF8.GetBytes(body);
        var head = $"HTTP/1.1 {status}\r\n{headers}Content-Length: {content.Length}\r\nConnection: close\r\n\r\n";
        return [.. Encoding.UTF8.GetBytes(head), .. content];
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = RespondAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RespondAsync(TcpClient client)
    {
        try
        {
            using var closing = client;
            var connection = client.GetStream();
            var head = new StringBuilder();
            var next = new byte[1];
            while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
            {
                await connection.ReadExactlyAsync(next);
                head.Append((char)next[0]);
            }

            var length = head.ToString()
                .Split("\r\n")
                .FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } line
                ? int.Parse(line[16..], CultureInfo.InvariantCulture)
                : 0;
            await connection.ReadExactlyAsync(new byte[length]);
            lock (_heads)
            {
                _heads.Add(head.ToString());
            }

            await connection.WriteAsync(_respond(head.ToString()));
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The client closed the connection.
        }
    }
}
