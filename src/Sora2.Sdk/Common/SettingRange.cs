using System.Globalization;

namespace Sora2.Sdk.Common;

/// <summary>The values that a setting accepts.</summary>
/// <param name="Text">The range for messages and documents, such as <c>1 ms to 1 h</c>.</param>
/// <param name="Contains">Whether a value is in it.</param>
internal sealed record SettingRange(string Text, Func<object, bool> Contains)
{
    public static SettingRange PollInterval { get; } = Times(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));

    /// <summary>A delay before a retry, at most what Polly accepts.</summary>
    public static SettingRange Delay { get; } = Times(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));

    /// <summary>A period of a circuit breaker, within what Polly accepts.</summary>
    public static SettingRange BreakerPeriod { get; } = Times(TimeSpan.FromSeconds(0.5), TimeSpan.FromDays(1));

    /// <summary>A time that a timer accepts.</summary>
    public static SettingRange Duration { get; } = Times(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(24));

    public static SettingRange Timeout { get; } = new(
        $"{Duration.Text}, or Timeout.InfiniteTimeSpan (-00:00:00.001)",
        value => Duration.Contains(value) || value.Equals(System.Threading.Timeout.InfiniteTimeSpan));

    public static SettingRange Interval { get; } = new(
        "zero (no limit) to 24 days", value => Duration.Contains(value) || value.Equals(TimeSpan.Zero));

    public static SettingRange Retries { get; } = Numbers(0, 100);

    public static SettingRange Limit { get; } = AtLeast(1) with { Text = "1 or more, or null for no limit" };

    public static SettingRange Ratio { get; } =
        Numbers(0, 1) with { Text = "more than 0, up to 1", Contains = value => value is > 0.0 and <= 1.0 };

    /// <summary>A number of calls before a circuit breaker may open, within what Polly accepts.</summary>
    public static SettingRange Throughput { get; } = Numbers(2, 1_000_000);

    /// <summary>The least number; null for no least number, and for times.</summary>
    public double? Minimum { get; private init; }

    /// <summary>The greatest number; null for no greatest number, and for times.</summary>
    public double? Maximum { get; private init; }

    public static SettingRange Numbers(double minimum, double maximum) =>
        AtLeast(minimum) with
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"{minimum:#,0.###} to {maximum:#,0.###}"),
            Contains = value => Number(value) >= minimum && Number(value) <= maximum,
            Maximum = maximum,
        };

    public static SettingRange AtLeast(double minimum) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{minimum} or more"), value => Number(value) >= minimum) { Minimum = minimum };

    public static SettingRange Choice<T>()
        where T : struct, Enum => new(string.Join(", ", Enum.GetNames<T>()), value => Enum.IsDefined((T)value));

    private static SettingRange Times(TimeSpan minimum, TimeSpan maximum) =>
        new($"{Format(minimum)} to {Format(maximum)}", value => value is TimeSpan time && time >= minimum && time <= maximum);

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static string Format(TimeSpan time)
    {
        var (number, unit) = time switch
        {
            { TotalDays: >= 2 } => (time.TotalDays, "days"),
            { TotalDays: >= 1 } => (time.TotalDays, "day"),
            { TotalHours: >= 1 } => (time.TotalHours, "h"),
            { TotalSeconds: >= 0.1 } => (time.TotalSeconds, "s"),
            _ => (time.TotalMilliseconds, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
    }
}
