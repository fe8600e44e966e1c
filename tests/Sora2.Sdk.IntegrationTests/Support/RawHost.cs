using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>
/// A plain socket server that keeps the last request and sends the same response to all, by default one that accepts a task.
/// </summary>
internal sealed partial class RawHost : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _response;

    /// <param name="response">The status line, headers and body.</param>
    public RawHost(byte[]? response = null)
    {
        const string Body = Responses.Accepted;
        _response = response ?? Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public Uri Address =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>The last request: its head including the empty line, and as much body as it announces.</summary>
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
                // A body longer than announced would be read as the head of the next request.
                return RequestLine().IsMatch(head.ToString()) ? head.ToString() : throw new IOException("Not a request: " + head);
            }
        }

        return "";
    }

    [GeneratedRegex("^(GET|POST) /")]
    private static partial Regex RequestLine();
}
