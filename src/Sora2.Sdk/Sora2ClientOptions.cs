namespace Sora2.Sdk;

/// <summary>Settings of one client. All but <see cref="TimeProvider"/> can come from configuration.</summary>
public sealed class Sora2ClientOptions
{
    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform: <c>juxin</c> (default) or <c>zhenzhen</c>.</summary>
    public string Platform { get; set; } = "juxin";

    /// <summary>The API key. It is sent to the API's own origin only.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Where the API is; null for the platform's own address. A trailing slash or <c>/v1</c> does not matter; a path before it is kept, for proxies. Has to
    /// be https, but for loopback addresses or with <see cref="AllowInsecureBaseAddress"/>.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Accepts an http <see cref="BaseAddress"/> beyond this machine: the key then travels in clear. False by default.</summary>
    public bool AllowInsecureBaseAddress { get; set; }

    /// <summary>The model for requests that name none; null for the platform's own default.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>The time from one question about a task to the next. 30 s by default, the platforms' documented pace; faster draws 429.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for a task. 30 min by default: nine of ten tasks are done in under 14; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one create call may take, the upload of its images included. 5 min by default; past it the outcome is not known.</summary>
    public TimeSpan CreateTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one character creation may take. 5 min by default: normally seconds, at worst minutes.</summary>
    public TimeSpan CharacterTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one question about a task may take. 30 s by default.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a question about a task is repeated on passing faults, with growing pauses. 5 by default, 0 for never. Creates are not repeated.</summary>
    public int QueryRetries { get; set; } = 5;

    /// <summary>Whether requests are checked against the model's known limits before they are sent. True by default; false leaves it to the platform.</summary>
    public bool ValidateRequests { get; set; } = true;

    /// <summary>
    /// Allows videos and images to be fetched from loopback and private addresses. False by default, so that an answer cannot make this process read from its
    /// own network. Set it to use a simulator or a relay on your own network.
    /// </summary>
    public bool AllowPrivateNetworkDownloads { get; set; }

    /// <summary>The clock for everything that waits. Not read from configuration.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Uses a platform that the SDK does not bring along; sets <see cref="Platform"/> to its name.</summary>
    /// <param name="platform">The adapter.</param>
    public void UsePlatform(Sora2Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        Platform = platform.Name;
        CustomPlatform = platform;
    }

    internal Sora2Platform? CustomPlatform { get; private set; }

    /// <summary>Where in the configuration these settings stand, for messages.</summary>
    internal string? ConfigurationPath { get; set; }

    /// <summary>A copy that later changes to this one do not touch.</summary>
    internal Sora2ClientOptions Copy() => (Sora2ClientOptions)MemberwiseClone();
}
