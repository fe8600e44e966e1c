namespace Sora2.Sdk.Transport;

/// <summary>The send guard refused a request; it was not sent.</summary>
internal sealed class SendRefusedException(string message) : InvalidOperationException(message);
