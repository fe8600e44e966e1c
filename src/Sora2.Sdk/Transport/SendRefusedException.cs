namespace Sora2.Sdk.Transport;

/// <summary>The guard did not let a request out.</summary>
internal sealed class SendRefusedException(string message) : InvalidOperationException(message);
