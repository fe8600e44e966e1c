using System.Net;
using System.Threading.RateLimiting;

namespace Sora2.Sdk.Transport;

/// <summary>
/// A permit of a host's concurrency limit. Polly gives it back when the headers are there; here the body counts as well, since that is what
/// keeps a host busy.
/// </summary>
internal sealed class HostPermit(RateLimitLease lease) : RateLimitLease
{
    private static readonly HttpRequestOptionsKey<HostPermit> Key = new("Sora2.Sdk.HostPermit");

    // One for the pipeline, and one for each response that is not disposed yet; a retry disposes the response before it.
    private int _holders = 1;

    public override bool IsAcquired => lease.IsAcquired;

    public override IEnumerable<string> MetadataNames => lease.MetadataNames;

    public static HostPermit? Get(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var permit) ? permit : null;

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public override bool TryGetMetadata(string metadataName, out object? metadata) => lease.TryGetMetadata(metadataName, out metadata);

    /// <summary>Keeps the permit until the response is disposed.</summary>
    public void HoldFor(HttpResponseMessage response)
    {
        Interlocked.Increment(ref _holders);
        response.Content = new PermittedContent(response.Content, this);
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            lease.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The content of a response as it is, with the permit of its host.</summary>
    private sealed class PermittedContent : HttpContent
    {
        private readonly HttpContent _content;
        private HostPermit? _permit;

        public PermittedContent(HttpContent content, HostPermit permit)
        {
            (_content, _permit) = (content, permit);
            content.Headers.CopyTo(Headers);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _content.CopyToAsync(stream, context);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _content.CopyToAsync(stream, context, cancellationToken);

        protected override Task<Stream> CreateContentReadStreamAsync() => _content.ReadAsStreamAsync();

        protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
            _content.ReadAsStreamAsync(cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false; // Where the response announced one, it is among the headers.
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content.Dispose();
                Interlocked.Exchange(ref _permit, null)?.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
