namespace Sora2.Sdk.Smoke;

/// <summary>A client as a script creates it.</summary>
internal sealed class ScriptHost : IClientHost
{
    private readonly FileTaskStore _store;
    private readonly Sora2Client _client;

    public ScriptHost(Sora2Platform platform, Uri address, string key, string folder)
    {
        _store = new FileTaskStore(Path.Combine(folder, "tasks"));
        Library = new CharacterLibrary(new FileCharacterStore(Path.Combine(folder, "characters.json")));
        _client = Sora2Client.Create(platform, key, options =>
        {
            options.BaseAddress = address;
            options.AllowPrivateNetworkDownloads = true;
            options.PollInterval = TimeSpan.FromMilliseconds(20);
            options.RetryDelay = TimeSpan.FromMilliseconds(10);
            options.TaskStore = _store;
            options.CharacterLibrary = Library;
        });
    }

    public ISora2Client Client => _client;

    public ITaskStore Store => _store;

    public CharacterLibrary Library { get; }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _store.Dispose();
        return default;
    }
}
