using System.Net.Http.Headers;
using System.Text;

namespace Sora2.Sdk.Transport;

/// <summary>A request as the guard hands it to the network.</summary>
/// <remarks>
/// Diagnostic listeners, event sources and metrics of .NET see requests with all their headers, so the header has a placeholder, and the
/// key replaces it when the header's bytes are written.
/// </remarks>
internal sealed class KeyedRequest : HttpRequestMessage
{
    private static readonly AuthenticationHeaderValue Placeholder = new("Bearer", "***");

    private readonly KeyEncoding _encoding;

    /// <param name="request">The request to copy, without its body.</param>
    /// <param name="authorization">The key.</param>
    /// <param name="isWrittenLate">Whether the network is set up by <see cref="WriteKeys"/>; others get the key at once.</param>
    public KeyedRequest(HttpRequestMessage request, AuthenticationHeaderValue authorization, bool isWrittenLate)
        : base(request.Method, request.RequestUri)
    {
        (Version, VersionPolicy) = (request.Version, request.VersionPolicy);
        request.Headers.CopyTo(Headers);
        foreach (var (name, value) in request.Options)
        {
            Options.TryAdd(name, value);
        }

        _encoding = new KeyEncoding(authorization);
        Headers.Authorization = Sent = isWrittenLate ? Placeholder : authorization;
    }

    /// <summary>The header as set here; the network may replace it by credentials.</summary>
    public AuthenticationHeaderValue Sent { get; }

    /// <summary>Sets up a network to write the keys of these requests.</summary>
    public static void WriteKeys(SocketsHttpHandler network)
    {
        var ofHost = network.RequestHeaderEncodingSelector;
        network.RequestHeaderEncodingSelector = (header, request) =>
            request is KeyedRequest keyed && header.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
                ? keyed._encoding
                : ofHost?.Invoke(header, request);
    }

    private sealed class KeyEncoding(AuthenticationHeaderValue authorization) : Encoding
    {
        private readonly string _placeholder = Placeholder.ToString();

        public override int GetByteCount(char[] chars, int index, int count) => Real(chars, index, count).Length;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        {
            var real = Real(chars, charIndex, charCount);
            return Latin1.GetBytes(real, 0, real.Length, bytes, byteIndex);
        }

        public override int GetMaxByteCount(int charCount) => Math.Max(charCount, authorization.ToString().Length);

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
            Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

        public override int GetMaxCharCount(int byteCount) => byteCount;

        private string Real(char[] chars, int index, int count) =>
            new string(chars, index, count) is var text && text == _placeholder ? authorization.ToString() : text;
    }
}
