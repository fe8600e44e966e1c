using System.Globalization;

namespace Sora2.Sdk.Simulator;

/// <summary>Options of a <see cref="Sora2Simulator"/>. Every option has a usable default.</summary>
public sealed class Sora2SimulatorOptions
{
    /// <summary>The API key that both platforms accept.</summary>
    /// <value>Default: <c>test-key-simulator</c>.</value>
    public string ApiKey { get; set; } = "test-key-simulator";

    /// <summary>Whether requests are validated against what <c>Sora2.Sdk</c> should send.</summary>
    /// <value>Default: true. The program <c>sora2-simulator</c> turns it off.</value>
    /// <remarks>
    /// Strict means: every field is present and of its own type, images are addresses or data URIs, the key follows <c>Bearer</c>.
    /// Turn it off for other clients. Everything that the platforms accept or are not known to reject is then accepted: omitted optional
    /// fields, numbers as text, raw base64, JSON on <c>/v1/videos</c>, a bare key. Billing and the ledger are the same either way.
    /// </remarks>
    public bool Strict { get; set; } = true;

    /// <summary>The port of Juxin.</summary>
    /// <value>0 to 65535. Default: 0, which selects a free port.</value>
    public int JuxinPort { get; set; }

    /// <summary>The port of Zhenzhen.</summary>
    /// <value>0 to 65535. Default: 0, which selects a free port.</value>
    public int ZhenzhenPort { get; set; }

    /// <summary>The port of the media host.</summary>
    /// <value>0 to 65535. Default: 0, which selects a free port.</value>
    public int MediaPort { get; set; }

    /// <summary>The clock of the platforms. Use a virtual clock to advance tasks from a test.</summary>
    /// <value>Default: <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The factor by which tasks run faster than on the platforms.</summary>
    /// <value>Greater than 0. Default: 1, the real speed.</value>
    /// <remarks>It does not change the delays of faults.</remarks>
    public double SpeedFactor { get; set; } = 1;

    /// <summary>The duration of a task at speed 1.</summary>
    /// <value>Default: 270 s, the median of 401 real tasks. Zero finishes a task before its first query.</value>
    public TimeSpan TaskDuration { get; set; } = TimeSpan.FromSeconds(270);

    /// <summary>The lifetime of a signed media link. Each query signs a new link.</summary>
    /// <value>Greater than 0. Default: 24 hours.</value>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The shape of Juxin's responses.</summary>
    /// <value>Default: <see cref="JuxinResponseShape.OpenAi"/>.</value>
    public JuxinResponseShape JuxinResponseShape { get; set; }

    /// <summary>The kind of address that a finished task returns for its video.</summary>
    /// <value>Default: <see cref="VideoLinkKind.MediaHost"/>.</value>
    public VideoLinkKind VideoLinkKind { get; set; }

    /// <summary>The names of models that Juxin serves besides <c>sora-2-all</c>.</summary>
    /// <value>Default: none.</value>
    /// <remarks>Sora's rules about lengths, orientations and images do not apply to them, even with <see cref="Strict"/>.</remarks>
    public IReadOnlyList<string> ExtraJuxinModels { get; set; } = [];

    /// <summary>The names of models that Zhenzhen serves besides <c>sora-2</c>, <c>sora-2-pro</c> and <c>sora-2-vip</c>.</summary>
    /// <value>Default: none.</value>
    /// <remarks>Sora's rules about lengths, HD, orientations and images do not apply to them, even with <see cref="Strict"/>.</remarks>
    public IReadOnlyList<string> ExtraZhenzhenModels { get; set; } = [];

    /// <summary>What the key may spend at each of the two platforms, in all.</summary>
    /// <value>In USD, not negative, at most 1,000,000,000. Default: 1,000,000. Null for a key without a limit.</value>
    /// <remarks>
    /// Every paid create costs 0.10 USD. Once the rest does not suffice, creates are refused: 403, <c>insufficient_user_quota</c>.
    /// </remarks>
    public decimal? BalanceUsd { get; set; } = 1_000_000;

    /// <summary>The routes by which both platforms publish the balance.</summary>
    /// <value>Default: <see cref="SimulatorBalanceRoutes.All"/>.</value>
    public SimulatorBalanceRoutes BalanceRoutes { get; set; } = SimulatorBalanceRoutes.All;

    /// <summary>The minimum size of a video, for tests of large downloads.</summary>
    /// <value>In bytes, not negative. Default: 0.</value>
    /// <remarks>
    /// A smaller video is padded with an MP4 <c>free</c> box and still plays. The padding is generated while it is sent, so any size needs
    /// the same memory.
    /// </remarks>
    public long MinimumVideoBytes { get; set; }

    /// <summary>Whether the ledger keeps request bodies.</summary>
    /// <value>Default: true.</value>
    /// <remarks>Turn it off where the simulator runs for a long time or memory is measured.</remarks>
    public bool RecordBodies { get; set; } = true;

    /// <summary>Returns one readable line with the main options; never the key.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"speed {SpeedFactor}, tasks of {TaskDuration.TotalSeconds} s, ports {JuxinPort}, {ZhenzhenPort} and {MediaPort}, "
        + $"Juxin's shape {JuxinResponseShape}, video links {VideoLinkKind}, {(Strict ? "strict" : "lenient")}");

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
        Require(Enum.IsDefined(JuxinResponseShape), nameof(JuxinResponseShape), JuxinResponseShape, "must be a defined value");
        Require(Enum.IsDefined(VideoLinkKind), nameof(VideoLinkKind), VideoLinkKind, "must be a defined value");
        Require(ExtraJuxinModels is not null, nameof(ExtraJuxinModels), ExtraJuxinModels, "must not be null");
        Require(ExtraZhenzhenModels is not null, nameof(ExtraZhenzhenModels), ExtraZhenzhenModels, "must not be null");
        RequireNames(ExtraJuxinModels!, nameof(ExtraJuxinModels));
        RequireNames(ExtraZhenzhenModels!, nameof(ExtraZhenzhenModels));
        Require(BalanceUsd is null or (>= 0 and <= 1_000_000_000), nameof(BalanceUsd), BalanceUsd, "must be 0 to 1,000,000,000, or null");
        Require(SimulatorBalanceRoutes.All.HasFlag(BalanceRoutes), nameof(BalanceRoutes), BalanceRoutes, "must be defined values");
        Require(MinimumVideoBytes >= 0, nameof(MinimumVideoBytes), MinimumVideoBytes, "must not be negative");
    }

    private static void RequireNames(IReadOnlyList<string> models, string option) =>
        Require(models.All(model => !string.IsNullOrWhiteSpace(model)), option, string.Join(", ", models), "must contain no empty name");

    private static void Require(bool holds, string option, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{nameof(Sora2SimulatorOptions)}.{option} {rule}.");
        }
    }
}
