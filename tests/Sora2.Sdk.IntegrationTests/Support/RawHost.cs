using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Takes requests off the wire as they are, with nothing between that could mend them, and accepts each as a task.</summary>
internal sealed class RawHost : IDisposable
{
    private static readonly byte[] Accepted = Answer("""{"id":"task-1","status":"queued"}""");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawHost()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>The last request: its head, up to and with the empty line, and exactly as much body as it announces.</summary>
    public (string Head, byte[] Body) Last { get; private set; }

    public void Dispose() => _listener.Dispose();

    private void Serve()
    {
        try
        {
            while (true)
            {
                using var connection = new BufferedStream(_listener.AcceptTcpClient().GetStream(), 64 * 1024);
                while (ReadHead(connection) is { Length: > 0 } head)
                {
                    var body = new byte[int.Parse(HeaderOf(head, "Content-Length"), CultureInfo.InvariantCulture)];
                    connection.ReadExactly(body);
                    Last = (head, body);
                    connection.Write(Accepted);
                    connection.Flush();
                }
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or IOException)
        {
            // The test is over.
        }
    }

    public static string HeaderOf(string head, string name) =>
        head.Split("\r\n").Single(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];

    private static string ReadHead(Stream connection)
    {
        var head = new StringBuilder();
        while (connection.ReadByte() is >= 0 and var next)
        {
            head.Append((char)next);
            if (next == '\n' && head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                // More body than was announced would be read as the next request's head.
                return head.ToString().StartsWith("POST /", StringComparison.Ordinal) ? head.ToString() : throw new IOException("This is no request: " + head);
            }
        }

        return "";
    }

    private static byte[] Answer(string json) => Encoding.UTF8.GetBytes(FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
}
