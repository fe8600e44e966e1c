using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>The link of a video during one download, which can be replaced by a fresh one or by the one that a response names.</summary>
internal sealed class VideoLink(DownloadContext download, MediaClient media)
{
    private Func<CancellationToken, Task<VideoTask>>? _refresh = download.RefreshLink;
    private bool _wasFollowed;

    public Uri Url { get; private set; } = download.Task.VideoUrl!;

    /// <summary>Whether the platform named the link, and no media host did: only then may it be requested with the key.</summary>
    public bool IsFromPlatform { get; private set; } = true;

    public bool CanRefresh => _refresh is not null;

    public bool WasRefreshed { get; private set; }

    /// <summary>Gets a fresh link from the platform, once per download. A query that fails does not count.</summary>
    /// <returns>False if the task has no link any more.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var task = await _refresh!(cancellationToken).ConfigureAwait(false);
        (_refresh, _wasFollowed) = (null, false);
        (WasRefreshed, IsFromPlatform) = (true, true);
        Url = task.VideoUrl ?? Url;
        return task.VideoUrl is not null;
    }

    /// <summary>Continues with a link that a response names, once per link of the platform.</summary>
    /// <param name="next">The link in the response.</param>
    /// <param name="requested">The address that sent the response, after redirects.</param>
    public bool TryFollow(Uri next, Uri requested)
    {
        if (_wasFollowed || next == requested || !UriExtensions.IsHttp(next))
        {
            return false;
        }

        IsFromPlatform &= media.IsApi(Url) && UriExtensions.IsSameOrigin(Url, requested);
        (Url, _wasFollowed) = (next, true);
        return true;
    }
}
