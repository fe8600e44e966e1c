namespace Sora2.Sdk.Transport;

/// <summary>A media address is in a private network; refused before connecting.</summary>
internal sealed class PrivateAddressException(string host) : IOException(
    $"{host} is on this machine or a private network. To allow that, set "
    + $"Sora2ClientOptions.{nameof(Sora2ClientOptions.AllowPrivateNetworkDownloads)}.");
