using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk;

/// <summary>Settings of one client. All but <see cref="TimeProvider"/>, <see cref="LoggerFactory"/>, <see cref="TaskStore"/> and <see cref="CharacterLibrary"/> can come from configuration.</summary>
public sealed partial class Sora2ClientOptions
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform: <c>juxin</c> (default) or <c>zhenzhen</c>.</summary>
    public string Platform { get; set; } = "juxin";

    /// <summary>The API key; space round it is not sent. It goes to the API's own origin only.</summary>
    [JsonIgnore]
    public string? ApiKey { get; set; }

    /// <summary>
    /// Where the API is; null for the platform's own address. A trailing slash or <c>/v1</c> does not matter; a path before it is kept, for proxies. Has to
    /// be https, but for loopback addresses or with <see cref="AllowInsecureBaseAddress"/>.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Where else the API is, in order; none by default. The next one is tried only when nothing of a call was sent (name, connection, TLS); the one that answered is
    /// kept for five minutes, and a task is asked for at the address that made it.
    /// </summary>
    public IList<Uri> FallbackBaseAddresses { get; set; } = [];

    /// <summary>Accepts an http <see cref="BaseAddress"/> beyond this machine: the key then travels in clear. False by default.</summary>
    public bool AllowInsecureBaseAddress { get; set; }

    /// <summary>The model for requests that name none; null for the platform's own default.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>
    /// The least time from one question about a task to the next. 30 s by default, the platforms' documented pace; faster draws 429. At
    /// most an hour.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// By how much each poll interval may be longer, as a share of it, so that many waits do not ask at once: 0.1 by default, 0 for not at
    /// all. It never makes one shorter.
    /// </summary>
    public double PollJitter { get; set; } = 0.1;

    /// <summary>Makes all jitter the same on every run; for tests. Null by default.</summary>
    public int? JitterSeed { get; set; }

    /// <summary>How long to wait for a task. 30 min by default: nine of ten tasks are done in under 14; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one create call may take, the upload of its images included. 5 min by default; past it the outcome is not known.</summary>
    public TimeSpan CreateTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one character creation may take. 5 min by default: normally seconds, at worst minutes.</summary>
    public TimeSpan CharacterTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one question about a task may take. 30 s by default.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a question about a task is repeated on passing faults, with growing pauses. 5 by default, 0 for never.</summary>
    public int QueryRetries { get; set; } = 5;

    /// <summary>
    /// How often a create is sent again when it was surely not taken: nothing of it was sent, or the platform said that it is saturated or that this was too fast.
    /// 3 by default, 0 for never. After any other failure a create is never sent again.
    /// </summary>
    public int CreateRetries { get; set; } = 3;

    /// <summary>
    /// How often a download that broke is taken up again, where it stopped if the media host lets it, with growing pauses; a connection that brought the end nearer before it broke
    /// does not count. 8 by default, 0 for never.
    /// </summary>
    public int DownloadRetries { get; set; } = 8;

    /// <summary>The pause before a call is repeated for the first time; it doubles each time, up to 15 s, with jitter. 1 s by default, at most a day. Make it short in tests.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Retries, circuit breaker and concurrency limit of free calls, for each host: videos and images by default. Paid calls are never touched.</summary>
    public Sora2ResilienceOptions Resilience { get; set; } = new();

    /// <summary>
    /// How many tasks of this client may run at once; further creates wait. No limit by default. A task counts until this client has seen
    /// its end, or until nobody has asked for it for
    /// <see cref="WaitTimeout"/> (for an hour where that is infinite).
    /// </summary>
    public int? MaxRunningTasks { get; set; }

    /// <summary>The least time from one create to the next; further creates wait. None by default.</summary>
    public TimeSpan MinCreateInterval { get; set; }

    /// <summary>The least time from one question to the next, over all tasks of this client. None by default.</summary>
    public TimeSpan MinQueryInterval { get; set; }

    /// <summary>Whether requests are checked against the model's known limits before they are sent. True by default; false leaves it to the platform.</summary>
    public bool ValidateRequests { get; set; } = true;

    /// <summary>
    /// Allows videos and images to be fetched from loopback and private addresses. False by default, so that an answer cannot make this process read from its
    /// own network. Set it to use a simulator or a relay on your own network.
    /// </summary>
    public bool AllowPrivateNetworkDownloads { get; set; }

    /// <summary>
    /// Remembers the videos and storyboards that are submitted, so that a process that is killed loses none that was paid for: see <see cref="IVideoClient.ResumeAsync"/>. Characters,
    /// which are made in one call, are not recorded. None by default. Set in code; stays the caller's to dispose.
    /// </summary>
    [JsonIgnore]
    public ITaskStore? TaskStore { get; set; }

    /// <summary>Whether prompts are logged, at Trace; false by default. Keys, signed links and images never are.</summary>
    public bool LogPrompts { get; set; }

    /// <summary>Where the log goes, under the category <c>Sora2.Sdk</c>; see docs/telemetry.md. Null logs nothing; <c>AddSora2</c> takes the container's. Not read from configuration.</summary>
    [JsonIgnore]
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock for everything that waits. Not read from configuration.</summary>
    [JsonIgnore]
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Where the names of characters in prompts are looked up: <c>@阳光小猫</c> is then sent as <c>@ebfb9a758.sunnykitte</c>, and <see cref="VideoTask.Mentions"/> says what was replaced. Null, the default, sends
    /// prompts as they are. One library serves any number of clients, on both platforms. Not read from configuration.
    /// </summary>
    [JsonIgnore]
    public CharacterLibrary? CharacterLibrary { get; set; }

    /// <summary>
    /// What happens to a prompt that mentions a name which <see cref="CharacterLibrary"/> does not know. Without a library nothing is
    /// looked at.
    /// </summary>
    /// <value>
    /// <see cref="UnresolvedMentions.RefuseSimilar"/> by default: a misspelt name is refused before it is sent, with the nearest one in the
    /// message, and any other is sent as it is.
    /// </value>
    public UnresolvedMentions UnresolvedMentions { get; set; }

    /// <summary>Uses a platform that the SDK does not bring along; sets <see cref="Platform"/> to its name.</summary>
    /// <param name="platform">The adapter.</param>
    public void UsePlatform(Sora2Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        Platform = platform.Name;
        CustomPlatform = platform;
    }

    internal Sora2Platform? CustomPlatform { get; private set; }

    /// <summary>What was read from configuration, by setting, and where it stands there, for messages. One of several sections may have brought it, and code may have changed it since.</summary>
    internal Dictionary<string, (string Path, object? Value)> ReadFrom { get; } = new(StringComparer.Ordinal);

    /// <summary>What of the configuration, of all its sections, could not be read.</summary>
    internal IReadOnlyList<string> SectionProblems { get; set; } = [];

    /// <summary>What to say when there is no key, where it is looked for elsewhere.</summary>
    internal string? MissingKey { get; set; }

    /// <summary>Where in the configuration a setting stands, or null when its value came from elsewhere.</summary>
    internal string? PathOf(string setting, object? value) => ReadFrom.TryGetValue(setting, out var read) && Equals(read.Value, value) ? read.Path : null;

    /// <summary>A copy that later changes to this one do not touch.</summary>
    internal Sora2ClientOptions Copy()
    {
        var copy = (Sora2ClientOptions)MemberwiseClone();
        copy.FallbackBaseAddresses = [.. FallbackBaseAddresses];
        copy.Resilience = Resilience.Copy();
        return copy;
    }

    /// <summary>One readable line: the platform, whether a key is set, and the settings that differ from the defaults; never the key.</summary>
    public override string ToString() => OptionsDescriber.Describe(this);
}
