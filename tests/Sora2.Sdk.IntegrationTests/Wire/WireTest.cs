namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>A client whose API is a WireMock server, and a second server for images and videos.</summary>
public abstract class WireTest : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Lazy<WireServer> _media;

    protected WireTest()
    {
        Api = Owned(new WireServer());
        _media = new(() => Owned(new WireServer()));
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected WireServer Api { get; }

    /// <summary>A host of images and videos; started when first used.</summary>
    private protected WireServer Media => _media.Value;

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        GC.SuppressFinalize(this);
    }

    protected Sora2Client Client(string platform, Action<Sora2ClientOptions>? configure = null)
    {
        var options = new Sora2ClientOptions
        {
            Platform = platform,
            ApiKey = "test-key-" + platform,
            BaseAddress = Api.Address,
            AllowPrivateNetworkDownloads = true,
        };
        configure?.Invoke(options);
        return Owned(new Sora2Client(options));
    }

    protected T Owned<T>(T owned)
        where T : IDisposable
    {
        _owned.Insert(0, owned);
        return owned;
    }
}
