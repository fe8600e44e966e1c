using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The settings of one client.</summary>
/// <remarks>
/// All except <see cref="TimeProvider"/>, <see cref="LoggerFactory"/>, <see cref="TaskStore"/> and <see cref="CharacterLibrary"/> can be
/// read from configuration.
/// </remarks>
public sealed partial class Sora2ClientOptions
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    /// <value><c>juxin</c> (default), <c>zhenzhen</c>, or the name of a registered <see cref="Sora2Platform"/> of your own.</value>
    public string Platform { get; set; } = "juxin";

    /// <summary>The API key, which is sent to the API's own origin only.</summary>
    /// <value>Required: the key alone, without <c>Bearer</c>. Surrounding white space is not sent.</value>
    [JsonIgnore]
    public string? ApiKey { get; set; }

    /// <summary>The address of the API.</summary>
    /// <value>
    /// Null, the default, for the platform's own address. It has to be https, except for loopback addresses or with
    /// <see cref="AllowInsecureBaseAddress"/>. A trailing slash or <c>/v1</c> makes no difference; a path before it is kept, for proxies.
    /// </value>
    public Uri? BaseAddress { get; set; }

    /// <summary>Further addresses of the API, in order of preference.</summary>
    /// <value>None by default.</value>
    /// <remarks>
    /// The next address is tried only when nothing of a call was sent (name, connection, TLS). The one that responded is kept for five
    /// minutes, and a task is polled at the address that created it.
    /// </remarks>
    public IList<Uri> FallbackBaseAddresses { get; set; } = [];

    /// <summary>Whether an http <see cref="BaseAddress"/> beyond this machine is accepted.</summary>
    /// <value>False by default; with true, the key may be sent unencrypted.</value>
    public bool AllowInsecureBaseAddress { get; set; }

    /// <summary>The model for requests that name none.</summary>
    /// <value>Null, the default, for the platform's own default.</value>
    public string? DefaultModel { get; set; }

    /// <summary>The minimum interval between two polls of a task.</summary>
    /// <value>1 ms to 1 h; 30 s by default, the rate that the platforms document. A shorter interval draws HTTP 429.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of the poll interval by which it may randomly be longer, so that many waits do not poll at once.</summary>
    /// <value>0 to 0.5; 0.1 by default, 0 for no jitter. It never shortens an interval.</value>
    public double PollJitter { get; set; } = 0.1;

    /// <summary>The timeout of a wait for a task.</summary>
    /// <value>
    /// 1 ms to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>; 30 min by default: nine of ten tasks end within 14 min.
    /// </value>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The timeout of one create call, including the upload of its images.</summary>
    /// <value>1 ms to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>; 5 min by default. After it the outcome is unknown.</value>
    public TimeSpan CreateTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The timeout of one character creation, which normally takes seconds and at worst minutes.</summary>
    /// <value>1 ms to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>; 5 min by default.</value>
    public TimeSpan CharacterTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The timeout of one attempt to poll a task.</summary>
    /// <value>1 ms to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>; 30 s by default.</value>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of retries of a poll on transient errors, with growing delays.</summary>
    /// <value>0 to 100; 5 by default, 0 for none.</value>
    public int QueryRetries { get; set; } = 5;

    /// <summary>The number of retries of a create that was certainly not accepted.</summary>
    /// <value>0 to 100; 3 by default, 0 for none.</value>
    /// <remarks>
    /// A create is retried where nothing of it was sent, or where the platform reported that it is saturated or that requests came too
    /// fast. After any other failure a create is never retried.
    /// </remarks>
    public int CreateRetries { get; set; } = 3;

    /// <summary>The number of times a download is continued after it broke, with growing delays.</summary>
    /// <value>0 to 100; 8 by default, 0 for none. A connection that made progress before it broke does not count.</value>
    /// <remarks>A download continues where it stopped if the media host supports that, and otherwise starts from the beginning.</remarks>
    public int DownloadRetries { get; set; } = 8;

    /// <summary>The delay before the first retry of a call; it doubles with each retry, up to 15 s, with jitter.</summary>
    /// <value>1 ms to 1 day; 1 s by default. Make it short in tests.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Retries, circuit breakers and concurrency limits of free calls, for each host.</summary>
    /// <value>By default they apply to videos and images. They never apply to paid calls.</value>
    public Sora2ResilienceOptions Resilience { get; set; } = new();

    /// <summary>The number of tasks of this client that may run at once; further creates wait.</summary>
    /// <value>1 or more, or null for no limit; null by default.</value>
    /// <remarks>
    /// A task counts until this client has seen its end, or until it has not been polled for <see cref="WaitTimeout"/> (for an hour where
    /// that is infinite).
    /// </remarks>
    public int? MaxRunningTasks { get; set; }

    /// <summary>The minimum interval between two creates; further creates wait.</summary>
    /// <value>Zero (no limit) to 24 days; zero by default.</value>
    public TimeSpan MinCreateInterval { get; set; }

    /// <summary>The minimum interval between two polls, over all tasks of this client.</summary>
    /// <value>Zero (no limit) to 24 days; zero by default.</value>
    public TimeSpan MinQueryInterval { get; set; }

    /// <summary>Whether requests are checked against the model's known limits before they are sent.</summary>
    /// <value>True by default; false leaves the check to the platform.</value>
    public bool ValidateRequests { get; set; } = true;

    /// <summary>Whether videos and images may be fetched from loopback and private addresses.</summary>
    /// <value>
    /// False by default, so that a response cannot make this process read from its own network. Set it for a simulator or a relay on your
    /// own network.
    /// </value>
    public bool AllowPrivateNetworkDownloads { get; set; }

    /// <summary>The store that records submitted videos and storyboards, so that no paid task is lost when the process is killed.</summary>
    /// <value>None by default. Set in code; the caller disposes it.</value>
    /// <remarks>See <see cref="IVideoClient.ResumeAsync"/>. Characters, which are created in one call, are not recorded.</remarks>
    [JsonIgnore]
    public ITaskStore? TaskStore { get; set; }

    /// <summary>Whether prompts are logged, at level Trace.</summary>
    /// <value>False by default. Keys, signed links and images are never logged.</value>
    public bool LogPrompts { get; set; }

    /// <summary>The factory of the logger, whose category is <c>Sora2.Sdk</c>; see docs/telemetry.md.</summary>
    /// <value>Null, the default, logs nothing; <c>AddSora2</c> uses the container's. Set in code.</value>
    [JsonIgnore]
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock for everything that waits.</summary>
    /// <value><see cref="TimeProvider.System"/> by default. Set in code.</value>
    [JsonIgnore]
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The library in which the names of characters in prompts are looked up, and to which created characters are added.</summary>
    /// <value>Null, the default, sends prompts as they are. Set in code.</value>
    /// <remarks>
    /// <c>@阳光小猫</c> is then sent as <c>@ebfb9a758.sunnykitte</c>, and <see cref="VideoTask.Mentions"/> reports what was replaced. One
    /// library serves any number of clients, on both platforms.
    /// </remarks>
    [JsonIgnore]
    public CharacterLibrary? CharacterLibrary { get; set; }

    /// <summary>How a prompt is handled that mentions a name which <see cref="CharacterLibrary"/> does not contain.</summary>
    /// <value>
    /// <see cref="UnresolvedMentions.RefuseSimilar"/> by default: a misspelt name is refused before it is sent, with the nearest one in the
    /// message, and any other is sent as it is. <see cref="UnresolvedMentions.Refuse"/> and <see cref="UnresolvedMentions.Send"/> treat all
    /// alike. It has no effect without a library.
    /// </value>
    public UnresolvedMentions UnresolvedMentions { get; set; }

    /// <summary>Uses a platform that the SDK does not contain, and sets <see cref="Platform"/> to its name.</summary>
    /// <param name="platform">The adapter.</param>
    public void UsePlatform(Sora2Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        Platform = platform.Name;
        CustomPlatform = platform;
    }

    internal Sora2Platform? CustomPlatform { get; private set; }

    /// <summary>The seed of all jitter, so that tests get the same on every run.</summary>
    internal int? JitterSeed { get; set; }

    /// <summary>Returns a copy that later changes to this one do not reach.</summary>
    internal Sora2ClientOptions Copy()
    {
        var copy = (Sora2ClientOptions)MemberwiseClone();
        copy.FallbackBaseAddresses = [.. FallbackBaseAddresses];
        copy.Resilience = Resilience.Copy();
        return copy;
    }

    /// <summary>Returns the platform, whether a key is set, and the settings that differ from the defaults; never the key.</summary>
    public override string ToString() => ClientSettings.Describe(this);
}
