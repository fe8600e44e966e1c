using Microsoft.Extensions.Options;
using Sora2.Sdk.Accounts;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Downloads;
using Sora2.Sdk.Polling;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;
using Sora2.Sdk.Videos;

namespace Sora2.Sdk;

/// <summary>A client for one account on one relay platform.</summary>
/// <remarks>
/// Thread-safe. Create one, keep it as long as the application runs, and dispose it. With a container use <c>AddSora2</c>.
/// </remarks>
/// <example>
/// <code>
/// using var client = Sora2Client.FromEnvironment();
/// var task = await client.Videos.GenerateAsync(new VideoRequest("A corgi surfs at sunset"));
/// await client.Videos.DownloadAsync(task, "corgi.mp4");
/// </code>
/// </example>
public sealed class Sora2Client : ISora2Client, IDisposable, IAsyncDisposable
{
    /// <summary>The time that writing the last outcome may take.</summary>
    private static readonly TimeSpan TimeToWrite = TimeSpan.FromSeconds(15);

    private readonly HttpClient _api;
    private readonly HttpClient _media;
    private readonly ClientTelemetry _telemetry;
    private readonly KnownTasks _tasks;
    private readonly ApiClient _apiClient;
    private readonly AccountClient _account;
    private readonly SubmissionLimiter _limiter;
    private readonly TaskPoller _poller;
    private readonly SubmissionDrain _drain;
    private readonly TaskJournal? _journal;
    private readonly TimeSpan _drainTimeout;
    private CancellationTokenRegistration _host;
    private KeyRotation? _rotation;
    private readonly Lazy<Task> _disposal;

    /// <summary>Creates a client.</summary>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="handler">
    /// Sends the API calls in place of the SDK's own handler. A new one, as its redirects and cookies are switched off; the caller disposes
    /// it. Even if it retries, the SDK sends a paid request once. Videos and images from other hosts do not go through it.
    /// </param>
    /// <exception cref="Sora2ValidationException">A setting is missing or out of range; the message names it.</exception>
    public Sora2Client(Sora2ClientOptions options, HttpMessageHandler? handler = null)
        : this("", options, handler)
    {
    }

    /// <summary>Creates a client with a name, which distinguishes accounts on one platform; see <see cref="Sora2Router"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="handler">Sends the API calls; see <see cref="Sora2Client(Sora2ClientOptions, HttpMessageHandler?)"/>.</param>
    /// <exception cref="Sora2ValidationException">A setting is missing or out of range; the message names it.</exception>
    public Sora2Client(string name, Sora2ClientOptions options, HttpMessageHandler? handler = null)
        : this(name, options, handler, media: null)
    {
    }

    internal Sora2Client(string name, Sora2ClientOptions options, HttpMessageHandler? api, HttpMessageHandler? media)
        : this(
            name,
            options,
            Sora2Platform.BuiltIn,
            own => HttpHandlers.Client(
                new FreeCallHandler(() => own.Resilience, own, name)
                {
                    InnerHandler = HttpHandlers.GuardPaid(HttpHandlers.Secure(api ?? HttpHandlers.ForApi(), guarded: false)),
                },
                isOwn: api is null),
            own => HttpHandlers.Client(
                new FreeCallHandler(() => own.Resilience, own, name)
                {
                    InnerHandler = HttpHandlers.Secure(media ?? HttpHandlers.ForMedia(), guarded: !own.AllowPrivateNetworkDownloads),
                },
                isOwn: media is null))
    {
    }

    /// <param name="name">The name.</param>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="platforms">The platforms that the settings may name.</param>
    /// <param name="createApi">Creates the HTTP client for API calls from the copied settings.</param>
    /// <param name="createMedia">Creates the HTTP client for videos and images.</param>
    internal Sora2Client(
        string name,
        Sora2ClientOptions options,
        IEnumerable<Sora2Platform> platforms,
        Func<Sora2ClientOptions, HttpClient> createApi,
        Func<Sora2ClientOptions, HttpClient> createMedia)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        if (Sora2ClientOptionsValidation.Problems(options, platforms) is { Count: > 0 } problems)
        {
            throw new Sora2ValidationException(string.Join(' ', problems));
        }

        options = options.Copy();
        Key = new ApiKey(options.ApiKey!);
        options.ApiKey = null; // The key can rotate; it is read from Key, never from this copy.
        Name = name;
        Platform = Sora2ClientOptionsValidation.FindPlatform(options, platforms)!;
        _api = createApi(options);
        _media = createMedia(options);

        _tasks = new KnownTasks(options.MaxRunningTasks ?? 0);
        _telemetry = new ClientTelemetry(name, Platform, Key, options, _tasks);
        _drain = new SubmissionDrain(Platform);
        _drainTimeout = (options.CreateTimeout > options.CharacterTimeout ? options.CreateTimeout : options.CharacterTimeout) + TimeToWrite;
        _disposal = new Lazy<Task>(CloseAsync); // A second disposal waits for the first.

        Context = new ClientContext(name, Platform, Key, options, _tasks, _telemetry, new JitterSource(options.JitterSeed));
        var media = new MediaClient(_media, _api, Key, options, Platform);
        _journal = options.TaskStore is { } store ? new TaskJournal(store, Context, _drain) : null;
        _apiClient = new ApiClient(Context, _api);
        _limiter = new SubmissionLimiter(options, _tasks, _drain);
        var submissions = new SubmissionPipeline(Context, _apiClient, new ImageLoader(media, Platform), _limiter, _journal, _drain);
        _poller = new TaskPoller(Context, _apiClient, _journal);
        Videos = new VideoClient(Context, submissions, _poller, new VideoDownloader(Context, media), _journal);
        Characters = new CharacterClient(Context, submissions);
        _account = new AccountClient(Context, _apiClient);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>The adapter of the platform.</summary>
    public Sora2Platform Platform { get; }

    /// <inheritdoc />
    public string PlatformName => Platform.Name;

    /// <inheritdoc />
    public IReadOnlyList<VideoModel> Models => Platform.Models;

    /// <inheritdoc />
    public IVideoClient Videos { get; }

    /// <inheritdoc />
    public ICharacterClient Characters { get; }

    /// <inheritdoc />
    public IAccountClient Account => _account;

    /// <summary>Creates a client for a platform and key.</summary>
    /// <param name="platform"><see cref="Sora2Platform.Juxin"/>, <see cref="Sora2Platform.Zhenzhen"/> or one of your own.</param>
    /// <param name="apiKey">The API key.</param>
    /// <param name="configure">Changes other settings.</param>
    /// <returns>The client; dispose it when the application ends.</returns>
    /// <exception cref="Sora2ValidationException">A setting is missing or out of range; the message names it.</exception>
    public static Sora2Client Create(Sora2Platform platform, string apiKey, Action<Sora2ClientOptions>? configure = null)
    {
        var options = new Sora2ClientOptions { ApiKey = apiKey };
        options.UsePlatform(platform);
        configure?.Invoke(options);
        return new Sora2Client(options);
    }

    /// <summary>Creates a client for the first platform whose key is in the environment.</summary>
    /// <remarks>
    /// <c>SORA2_API_KEY</c> is the key of the platform that <c>SORA2_PLATFORM</c> names, juxin if that is not set. Without it the
    /// platforms' own variables are read: <c>JUXIN_API_KEY</c>, <c>ZHENZHEN_API_KEY</c>.
    /// </remarks>
    /// <param name="configure">Changes other settings.</param>
    /// <returns>The client; dispose it when the application ends.</returns>
    /// <exception cref="Sora2ValidationException">Neither variable is set, or a setting is out of range; the message names it.</exception>
    public static Sora2Client FromEnvironment(Action<Sora2ClientOptions>? configure = null)
    {
        var (platform, key) = EnvironmentKey.Find() ?? throw new Sora2ValidationException(EnvironmentKey.Missing("Sora2Client.Create"));
        return Create(platform, key, configure);
    }

    /// <summary>Lists the models once, without retries, for the health check.</summary>
    internal Task<IReadOnlyList<string>> ProbeAsync(CancellationToken cancellationToken) => _account.ProbeModelsAsync(cancellationToken);

    /// <summary>The API key, which can rotate.</summary>
    internal ApiKey Key { get; }

    /// <summary>What all parts of the client share.</summary>
    internal ClientContext Context { get; }

    /// <summary>The store of the client's records, if it has one.</summary>
    internal ITaskStore? TaskStore => Context.Options.TaskStore;

    /// <summary>Returns the newest record of a key, which another client may have written.</summary>
    internal Task<TaskRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken) =>
        _journal?.FindByKeyAsync(key, cancellationToken) ?? Task.FromResult<TaskRecord?>(null);

    /// <summary>Rotates the key from now on when it changes in the application's settings.</summary>
    internal void FollowKey(IOptionsMonitor<Sora2ClientOptions> settings, Sora2ClientOptions made) =>
        _rotation = new KeyRotation(settings, Name, made, Key, _telemetry);

    /// <summary>Sends no create any more once the host is stopping.</summary>
    internal void StopWith(CancellationToken hostStopping) =>
        _host = hostStopping.UnsafeRegister(static drain => ((SubmissionDrain)drain!).Stop(isDisposed: false), _drain);

    /// <summary>Closes the client as <see cref="DisposeAsync"/> does, blocking the thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Waits for the creates that were sent, then closes the connections that the SDK opened.</summary>
    /// <returns>A task that ends when everything is closed.</returns>
    /// <remarks>
    /// A create that was sent continues to its outcome, which its caller and the task store get: for up to
    /// <see cref="Sora2ClientOptions.CreateTimeout"/>, also if its caller canceled it. Creates that were not sent, waits and downloads end
    /// at once.
    /// </remarks>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task CloseAsync()
    {
        await _host.DisposeAsync().ConfigureAwait(false);
        _rotation?.Dispose();
        _apiClient.Close();
        _drain.Stop(isDisposed: true);
        _poller.Dispose();
        _media.Dispose();
        await _drain.WaitAsync(_drainTimeout, _telemetry.Clock).ConfigureAwait(false);
        _tasks.Dispose();
        _limiter.Dispose();
        _apiClient.Dispose();
        _api.Dispose();
        _telemetry.Dispose();
    }

    /// <summary>Returns the platform and the name, if there is one; never the key.</summary>
    public override string ToString() => Name.Length == 0
        ? $"Sora2Client ({LogSanitizer.SingleLine(Platform.Name)})"
        : $"Sora2Client \"{LogSanitizer.SingleLine(Name)}\" ({LogSanitizer.SingleLine(Platform.Name)})";
}
