using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>
/// A plain socket server: it keeps each request as it arrived and sends the same response to all, by default one that accepts a task.
/// </summary>
internal sealed partial class RawHost : IDisposable
{
    private const string Accepted = """{"id":"task-1","status":"queued"}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _response;

    /// <param name="response">Status line, headers and body, as they are to be sent.</param>
    public RawHost(byte[]? response = null)
    {
        _response = response ?? Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Accepted.Length}\r\n\r\n{Accepted}");
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public Uri Address =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

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
                    var hasBody = head.StartsWith("POST ", StringComparison.Ordinal);
                    var body = new byte[hasBody ? int.Parse(HeaderOf(head, "Content-Length"), CultureInfo.InvariantCulture) : 0];
                    connection.ReadExactly(body);
                    Last = (head, body);
                    connection.Write(_response);
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
                return RequestLine().IsMatch(head.ToString()) ? head.ToString() : throw new IOException("This is no request: " + head);
            }
        }

        return "";
    }

    [GeneratedRegex("^(GET|POST) /")]
    private static partial Regex RequestLine();
}
