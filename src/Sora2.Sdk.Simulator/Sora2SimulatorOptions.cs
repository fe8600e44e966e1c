namespace Sora2.Sdk.Simulator;

/// <summary>How a <see cref="Sora2Simulator"/> behaves. Every value has a default that works.</summary>
public sealed class Sora2SimulatorOptions
{
    /// <summary>The one key that both platforms take. Default: <c>test-key-simulator</c>.</summary>
    public string ApiKey { get; set; } = "test-key-simulator";

    /// <summary>Whether requests are held to what <c>Sora2.Sdk</c> should send: every field there and of its own type, images as addresses or data URIs, the key behind <c>Bearer</c>.</summary>
    /// <value>Default: true. The program <c>sora2-simulator</c> turns it off.</value>
    /// <remarks>Turn it off for other clients. What the platforms take, and what nobody has seen them refuse, is then taken: optional fields left out, numbers as text, raw base64, JSON on <c>/v1/videos</c>, a bare key.
    /// What is billed and written down is the same either way.</remarks>
    public bool Strict { get; set; } = true;

    /// <summary>The port of Juxin; 0 (the default) takes any free one.</summary>
    public int JuxinPort { get; set; }

    /// <summary>The port of Zhenzhen; 0 (the default) takes any free one.</summary>
    public int ZhenzhenPort { get; set; }

    /// <summary>The port of the media host; 0 (the default) takes any free one.</summary>
    public int MediaPort { get; set; }

    /// <summary>The clock of the platforms. Give a virtual one to move tasks forward by hand. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How many times faster than the platforms tasks run; 1 (the default) is the real pace. It does not change the delays of faults.</summary>
    public double SpeedFactor { get; set; } = 1;

    /// <summary>How long a task takes at speed 1. Default: 270 s, the median of 401 real tasks. Zero finishes a task before its first query.</summary>
    public TimeSpan TaskDuration { get; set; } = TimeSpan.FromSeconds(270);

    /// <summary>How long a signed media link stays good; each query signs a fresh one. Default: 24 hours.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Which of its two dialects Juxin answers in. Default: <see cref="JuxinAnswerShape.OpenAi"/>.</summary>
    public JuxinAnswerShape JuxinAnswerShape { get; set; }

    /// <summary>Which address a finished task gives for its video. Default: <see cref="VideoLinkKind.MediaHost"/>.</summary>
    public VideoLinkKind VideoLinkKind { get; set; }

    /// <summary>Model names that Juxin knows besides <c>sora-2-all</c>. Sora's rules about lengths, frames and images do not hold for them, with <see cref="Strict"/> either.</summary>
    public IReadOnlyList<string> ExtraJuxinModels { get; set; } = [];

    /// <summary>Model names that Zhenzhen knows besides <c>sora-2</c>, <c>sora-2-pro</c> and <c>sora-2-vip</c>. Sora's rules about lengths, HD, frames and images do not hold for them, with <see cref="Strict"/> either.</summary>
    public IReadOnlyList<string> ExtraZhenzhenModels { get; set; } = [];

    /// <summary>The least size of a video in bytes; a smaller one is filled up with an MP4 <c>free</c> box and still plays. It is made up as it is sent, so any size takes the same memory. For tests of large downloads. Default: 0.</summary>
    public long MinimumVideoBytes { get; set; }

    /// <summary>Whether the ledger keeps request bodies. Turn it off where the simulator runs for long or memory is measured. Default: true.</summary>
    public bool RecordBodies { get; set; } = true;

    /// <summary>One readable line: what matters most of it; never the key.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{SpeedFactor} times as fast, tasks of {TaskDuration.TotalSeconds} s, ports {JuxinPort}, {ZhenzhenPort} and {MediaPort}, Juxin answers in {JuxinAnswerShape}, video links are {VideoLinkKind}, {(Strict ? "strict" : "lenient")}");

    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(ApiKey), nameof(ApiKey), ApiKey, "must not be empty");
        Require(JuxinPort is >= 0 and <= ushort.MaxValue, nameof(JuxinPort), JuxinPort, "must be 0 to 65535");
        Require(ZhenzhenPort is >= 0 and <= ushort.MaxValue, nameof(ZhenzhenPort), ZhenzhenPort, "must be 0 to 65535");
        Require(MediaPort is >= 0 and <= ushort.MaxValue, nameof(MediaPort), MediaPort, "must be 0 to 65535");
        Require(TimeProvider is not null, nameof(TimeProvider), TimeProvider, "must not be null");
        Require(SpeedFactor > 0 && double.IsFinite(SpeedFactor), nameof(SpeedFactor), SpeedFactor, "must be a number greater than 0");
        Require(TaskDuration >= TimeSpan.Zero, nameof(TaskDuration), TaskDuration, "must not be negative");
        Require(LinkLifetime > TimeSpan.Zero, nameof(LinkLifetime), LinkLifetime, "must be greater than 0");
        Require(Enum.IsDefined(JuxinAnswerShape), nameof(JuxinAnswerShape), JuxinAnswerShape, "must be a known shape");
        Require(Enum.IsDefined(VideoLinkKind), nameof(VideoLinkKind), VideoLinkKind, "must be a known kind");
        Require(ExtraJuxinModels is not null, nameof(ExtraJuxinModels), ExtraJuxinModels, "must not be null");
        Require(ExtraZhenzhenModels is not null, nameof(ExtraZhenzhenModels), ExtraZhenzhenModels, "must not be null");
        RequireNames(ExtraJuxinModels!, nameof(ExtraJuxinModels));
        RequireNames(ExtraZhenzhenModels!, nameof(ExtraZhenzhenModels));
        Require(MinimumVideoBytes >= 0, nameof(MinimumVideoBytes), MinimumVideoBytes, "must not be negative");
    }

    private static void RequireNames(IReadOnlyList<string> models, string option) =>
        Require(models.All(model => !string.IsNullOrWhiteSpace(model)), option, string.Join(", ", models), "must hold no empty name");

    private static void Require(bool holds, string option, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{nameof(Sora2SimulatorOptions)}.{option} {rule}.");
        }
    }
}
