using System.Net;
using System.Net.Sockets;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Keeps media fetches out of private networks: an address in a response must not make this process read from its own network or a cloud's
/// metadata service.
/// </summary>
/// <remarks>Checks the address that is connected to, after the name is resolved, so that a name cannot change in between.</remarks>
internal static class PrivateNetworkGuard
{
    private static readonly IPNetwork[] Closed =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("168.63.129.16/32"), // Azure's platform host for virtual machines
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("64:ff9b:1::/48"),
        IPNetwork.Parse("100::/64"),
        IPNetwork.Parse("2001::/23"), // Teredo and others of the registry's own
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("3fff::/20"),
        IPNetwork.Parse("5f00::/16"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    public static bool IsPublic(IPAddress address)
    {
        if (Embedded(address) is { } ipv4)
        {
            address = ipv4;
        }

        return !Closed.Any(network => network.Contains(address));
    }

    /// <summary>Suffixes of names in a private network, or of names that resolve to the address written before them.</summary>
    private static readonly string[] PrivateEndings =
    [
        ".localhost", ".localdomain", ".local", ".internal", ".intranet", ".private", ".corp", ".home", ".lan", ".home.arpa", ".svc",
        ".nip.io", ".sslip.io", ".xip.io", ".traefik.me", ".localtest.me", ".lvh.me",
    ];

    /// <summary>Metadata services of clouds, and local hosts, whose names look public.</summary>
    private static readonly string[] MetadataHosts =
    [
        "metadata.goog", "metadata.tencentyun.com", "metadata.packet.net", "metadata.platformequinix.com", "localtest.me", "lvh.me",
    ];

    /// <summary>
    /// Returns whether a host's name may be public. Where a proxy resolves the name, this is the only check.
    /// </summary>
    public static bool MayBePublic(Uri url)
    {
        var host = url.IdnHost.Trim('[', ']').TrimEnd('.');
        if (host.Split('%')[0] is var address && IPAddress.TryParse(address, out var ip))
        {
            return IsPublic(ip);
        }

        var last = host.AsSpan(host.LastIndexOf('.') + 1);
        return last.Length < host.Length // a single label is a name in the local network
            && !char.IsAsciiDigit(last[0]) // an address in a form that only some resolvers accept
            && !MetadataHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            && !PrivateEndings.Any(ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Connects to the first public address of a host.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        // A proxy is the machine's own setting, and resolves the name itself. Without one the target equals the host of the address.
        var isProxy = context.InitialRequestMessage.RequestUri?.IdnHost.Trim('[', ']') != target.Host.Trim('[', ']');
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        var allowed = isProxy ? addresses : [.. addresses.Where(IsPublic)];
        if (allowed.Length == 0)
        {
            throw new PrivateAddressException(target.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The IPv4 address inside an IPv6 one: mapped, translated, compatible, 6to4 or NAT64.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return bytes[..2].SequenceEqual((ReadOnlySpan<byte>)[0x20, 0x02]) ? new IPAddress(bytes[2..6])
            : bytes[..12].SequenceEqual((ReadOnlySpan<byte>)[0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) ? new IPAddress(bytes[12..])
            : bytes[..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]) ? new IPAddress(bytes[12..])
            : bytes[..12].IndexOfAnyExcept((byte)0) < 0 && !address.Equals(IPAddress.IPv6Loopback) && !address.Equals(IPAddress.IPv6Any)
                ? new IPAddress(bytes[12..])
            : null;
    }
}
