using System.Net;

namespace Sora2.Sdk;

/// <summary>
/// Goes with one attempt of a paid request, in the request's options, which handlers that clone a request copy along. <see cref="OneShotGuard"/> lets it pass once.
/// </summary>
internal sealed class OneShot
{
    private static readonly HttpRequestOptionsKey<OneShot> Key = new("Sora2.Sdk.OneShot");
    private int _passed;

    /// <summary>The status of the one answer that came, for when a handler threw it away and asked again.</summary>
    public HttpStatusCode? Answered { get; set; }

    /// <summary>Whether the one that passed proved that nothing was sent.</summary>
    public bool NothingSent { get; set; }

    public static OneShot AttachTo(HttpRequestMessage request)
    {
        var oneShot = new OneShot();
        request.Options.Set(Key, oneShot);
        return oneShot;
    }

    public static OneShot? Of(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var oneShot) ? oneShot : null;

    public bool TryPass() => Interlocked.Exchange(ref _passed, 1) == 0;
}
