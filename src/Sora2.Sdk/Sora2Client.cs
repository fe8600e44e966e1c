using Microsoft.Extensions.Options;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Downloads;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
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
    private readonly SubmissionLimiter _limiter;
    private readonly TaskPoller _poller;
    private readonly SubmissionDrain _drain;
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

        var context = new ClientContext(name, Platform, Key, options, _tasks, _telemetry, new JitterSource(options.JitterSeed));
        var media = new MediaClient(_media, _api, Key, options, Platform);
        var journal = options.TaskStore is { } store ? new TaskJournal(store, context, _drain) : null;
        _apiClient = new ApiClient(context, _api);
        _limiter = new SubmissionLimiter(options, _tasks, _drain);
        var submissions = new SubmissionPipeline(context, _apiClient, new ImageLoader(media, Platform), _limiter, journal, _drain);
        _poller = new TaskPoller(context, _apiClient, journal);
        Videos = new VideoClient(context, submissions, _poller, new VideoDownloader(context, media), journal);
        Storyboards = new StoryboardClient(context, submissions);
        Characters = new CharacterClient(context, submissions);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public Sora2Platform Platform { get; }

    /// <inheritdoc />
    public IVideoClient Videos { get; }

    /// <inheritdoc />
    public IStoryboardClient Storyboards { get; }

    /// <inheritdoc />
    public ICharacterClient Characters { get; }

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
    /// <remarks><c>SORA2_API_KEY</c> is Juxin's key, else <c>ZHENZHEN_API_KEY</c> is Zhenzhen's.</remarks>
    /// <param name="configure">Changes other settings.</param>
    /// <returns>The client; dispose it when the application ends.</returns>
    /// <exception cref="Sora2ValidationException">Neither variable is set, or a setting is out of range; the message names it.</exception>
    public static Sora2Client FromEnvironment(Action<Sora2ClientOptions>? configure = null)
    {
        var (platform, key) = EnvironmentKey.Find() ?? throw new Sora2ValidationException(EnvironmentKey.Missing("Sora2Client.Create"));
        return Create(platform, key, configure);
    }

    /// <summary>Lists the names of the models that the key may use.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The names as the platform lists them; empty if it lists none.</returns>
    /// <remarks>
    /// Free of charge; also a check that the platform is reachable and accepts the key. A key belongs to a group, which decides the models.
    /// </remarks>
    /// <exception cref="Sora2ApiException">The platform refused, or could not be reached.</exception>
    /// <exception cref="Sora2ValidationException">The platform has no such call: <see cref="Sora2Platform.EncodeModelList"/>.</exception>
    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        _apiClient.QueryAsync(ModelListRequest(), Platform.DecodeModelList, taskId: null, isPoll: false, cancellationToken);

    /// <summary>As <see cref="ListModelsAsync"/>, without retries.</summary>
    internal Task<IReadOnlyList<string>> ProbeAsync(CancellationToken cancellationToken) =>
        _apiClient.ProbeAsync(ModelListRequest(), Platform.DecodeModelList, cancellationToken);

    /// <summary>The API key, which can rotate.</summary>
    internal ApiKey Key { get; }

    /// <summary>Rotates the key from now on when it changes in the application's settings.</summary>
    internal void FollowKey(IOptionsMonitor<Sora2ClientOptions> settings, Sora2ClientOptions made) =>
        _rotation = new KeyRotation(settings, Name, made, Key, _telemetry);

    /// <summary>Encodes the model list call. A user's own adapter must not make a health check spend money.</summary>
    private ApiRequest ModelListRequest()
    {
        var request = Platform.EncodeModelList() ?? throw new Sora2ValidationException(
            $"{Platform.Title} has no call that lists models: its adapter does not override {nameof(Sora2Platform.EncodeModelList)}.");
        return ErrorClassifier.IsPaid(request.Kind)
            ? throw new Sora2ValidationException(
                $"{Platform.Title}'s adapter lists models by a call of the kind {request.Kind}, which costs money; "
                + $"it has to be {nameof(CallKind)}.{nameof(CallKind.Query)}.")
            : request;
    }

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
