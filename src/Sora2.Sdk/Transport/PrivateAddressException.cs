namespace Sora2.Sdk.Transport;

/// <summary>A media address that leads into a private network. Refused before connecting.</summary>
internal sealed class PrivateAddressException(string host) : IOException(
    $"{host} is on this machine or a private network. If you mean that, set Sora2ClientOptions.{nameof(Sora2ClientOptions.AllowPrivateNetworkDownloads)}.");
