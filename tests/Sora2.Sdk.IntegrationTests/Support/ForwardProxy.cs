using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>A forward proxy: forwards http requests and tunnels https with CONNECT. Resolves every name to this machine.</summary>
internal sealed class ForwardProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly List<string> _asked = [];

    public ForwardProxy()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>The first line of every request.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = TunnelAsync(await _listener.AcceptTcpClientAsync(_over.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        try
        {
            using var closing = client;
            var near = client.GetStream();
            var head = await ReadHeadAsync(near);
            var line = head.Split("\r\n")[0];
            lock (_asked)
            {
                _asked.Add(line);
            }

            var isTunnel = line.StartsWith("CONNECT ", StringComparison.Ordinal);
            var target = line.Split(' ')[1];
            var address = new Uri(isTunnel ? "https://" + target : target);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, address.Port, _over.Token);
            var far = server.GetStream();
            if (isTunnel)
            {
                await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _over.Token);
            }
            else
            {
                // One request per connection, since the next one may be for another host.
                var forwarded = head
                    .Replace(target, address.PathAndQuery, StringComparison.Ordinal)
                    .Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
                await far.WriteAsync(Encoding.Latin1.GetBytes(forwarded), _over.Token);
            }

            _ = near.CopyToAsync(far, _over.Token);
            await far.CopyToAsync(near, _over.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // One of the two sides closed its connection.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            await stream.ReadExactlyAsync(next, _over.Token);
            head.Append((char)next[0]);
        }

        return head.ToString();
    }
}
