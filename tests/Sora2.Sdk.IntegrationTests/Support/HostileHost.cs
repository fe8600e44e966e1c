using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>An API that may answer anything, byte for byte, and knows the key that it was asked with. One request a connection.</summary>
internal sealed class HostileHost : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, byte[]> _answer;
    private readonly List<string> _heads = [];

    /// <param name="answer">What is sent for a request, given its head.</param>
    public HostileHost(Func<string, byte[]> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>Line and headers of every request.</summary>
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

    public static byte[] Json(string body, string status = "200 OK", string headers = "") => Answer(status, "Content-Type: application/json\r\n" + headers, body);

    public static byte[] Answer(string status, string headers, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\n{headers}Content-Length: {bytes.Length}\r\nConnection: close\r\n\r\n")), .. bytes];
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
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

            var length = head.ToString().Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } line
                ? int.Parse(line[16..], CultureInfo.InvariantCulture)
                : 0;
            await connection.ReadExactlyAsync(new byte[length]);
            lock (_heads)
            {
                _heads.Add(head.ToString());
            }

            await connection.WriteAsync(_answer(head.ToString()));
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The client hung up.
        }
    }
}
