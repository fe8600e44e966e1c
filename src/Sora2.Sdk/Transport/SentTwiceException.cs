namespace Sora2.Sdk.Transport;

/// <summary>A handler tried to send a paid request a second time, by a redirect, a retry or hedging.</summary>
internal sealed class SentTwiceException() : InvalidOperationException(
    "A handler of the HttpClient tried to send this paid request a second time, which was prevented. The SDK sends a paid request once; "
    + "remove retries, hedging and redirects from its HttpClient.");
