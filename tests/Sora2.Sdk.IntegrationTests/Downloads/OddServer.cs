using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Answers what no proper server would, byte for byte, one answer a connection.</summary>
internal sealed class OddServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<byte[]> _answers;

    /// <param name="answers">Status line, headers and body of each; the last one again and again.</param>
    public OddServer(params byte[][] answers)
    {
        _answers = new(answers);
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Line and headers of every request.</summary>
    public List<string> Asked { get; } = [];

    public Uri Address => new($"http://{_listener.LocalEndpoint}/v.mp4?sig=secret");

    public static byte[] Answer(string head, params byte[][] body) =>
        [.. Encoding.ASCII.GetBytes("HTTP/1.1 " + head.ReplaceLineEndings("\r\n") + "\r\nConnection: close\r\n\r\n"), .. body.SelectMany(part => part)];

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
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await connection.ReceiveAsync(buffer) is > 0 and var read)
                {
                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                Asked.Add(head.ToString());
                var answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
                for (var sent = 0; sent < answer.Length;)
                {
                    sent += await connection.SendAsync(answer.AsMemory(sent));
                }

                connection.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over, or the client hung up.
        }
    }
}
