namespace Sora2.Sdk;

/// <summary>Something round the <see cref="HttpClient"/> tried to send a request a second time: a redirect, or a retrying handler.</summary>
internal sealed class BodySentTwiceException() : InvalidOperationException(
    "A handler round the HttpClient tried to send this request again. The SDK sends a paid request once; take retries and redirects off its HttpClient.");
