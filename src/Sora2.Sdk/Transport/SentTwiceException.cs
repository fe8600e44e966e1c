namespace Sora2.Sdk.Transport;

/// <summary>Something round the <see cref="HttpClient"/> tried to send a paid request a second time: a redirect, or a handler that retries or hedges.</summary>
internal sealed class SentTwiceException() : InvalidOperationException(
    "A handler round the HttpClient tried to send this request again, and was stopped. The SDK sends a paid request once; take retries, hedging and redirects off its HttpClient.");
