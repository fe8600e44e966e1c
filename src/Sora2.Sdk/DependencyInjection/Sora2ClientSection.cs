using System.Globalization;
using Microsoft.Extensions.Configuration;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>
/// Reads options from a configuration section. By hand and not with the binder: that stops at the first value it cannot read, does not say what it would take, and passes over a misspelt setting, which may be the limit
/// that was to keep an account from being emptied.
/// </summary>
internal static class Sora2ClientSection
{
    private const int MaxSlips = 2;

    /// <summary>What other libraries call a setting. Passed over, an address of somebody's own would leave the live platform in its place, and videos would be paid for.</summary>
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BaseUrl"] = nameof(Sora2ClientOptions.BaseAddress),
        ["BaseUri"] = nameof(Sora2ClientOptions.BaseAddress),
        ["Url"] = nameof(Sora2ClientOptions.BaseAddress),
        ["Uri"] = nameof(Sora2ClientOptions.BaseAddress),
        ["Address"] = nameof(Sora2ClientOptions.BaseAddress),
        ["Endpoint"] = nameof(Sora2ClientOptions.BaseAddress),
        ["Host"] = nameof(Sora2ClientOptions.BaseAddress),
        ["Key"] = nameof(Sora2ClientOptions.ApiKey),
        ["Token"] = nameof(Sora2ClientOptions.ApiKey),
        ["Model"] = nameof(Sora2ClientOptions.DefaultModel),
        ["Timeout"] = nameof(Sora2ClientOptions.WaitTimeout),
    };

    private static readonly Setting[] Settings =
    [
        Text(nameof(Sora2ClientOptions.Platform), (options, value) => options.Platform = value),
        Text(nameof(Sora2ClientOptions.ApiKey), (options, value) => options.ApiKey = value),
        Address(nameof(Sora2ClientOptions.BaseAddress), (options, value) => options.BaseAddress = value),
        Addresses(nameof(Sora2ClientOptions.FallbackBaseAddresses), (options, value) => options.FallbackBaseAddresses = value),
        Switch(nameof(Sora2ClientOptions.AllowInsecureBaseAddress), (options, value) => options.AllowInsecureBaseAddress = value),
        Text(nameof(Sora2ClientOptions.DefaultModel), (options, value) => options.DefaultModel = value),
        Time(nameof(Sora2ClientOptions.PollInterval), (options, value) => options.PollInterval = value),
        Number(nameof(Sora2ClientOptions.PollJitter), (options, value) => options.PollJitter = value),
        Whole(nameof(Sora2ClientOptions.JitterSeed), (options, value) => options.JitterSeed = value),
        Time(nameof(Sora2ClientOptions.WaitTimeout), (options, value) => options.WaitTimeout = value),
        Time(nameof(Sora2ClientOptions.CreateTimeout), (options, value) => options.CreateTimeout = value),
        Time(nameof(Sora2ClientOptions.CharacterTimeout), (options, value) => options.CharacterTimeout = value),
        Time(nameof(Sora2ClientOptions.QueryTimeout), (options, value) => options.QueryTimeout = value),
        Whole(nameof(Sora2ClientOptions.QueryRetries), (options, value) => options.QueryRetries = value),
        Whole(nameof(Sora2ClientOptions.CreateRetries), (options, value) => options.CreateRetries = value),
        Whole(nameof(Sora2ClientOptions.DownloadRetries), (options, value) => options.DownloadRetries = value),
        Time(nameof(Sora2ClientOptions.RetryDelay), (options, value) => options.RetryDelay = value),
        Whole(nameof(Sora2ClientOptions.MaxRunningTasks), (options, value) => options.MaxRunningTasks = value),
        Time(nameof(Sora2ClientOptions.MinCreateInterval), (options, value) => options.MinCreateInterval = value),
        Time(nameof(Sora2ClientOptions.MinQueryInterval), (options, value) => options.MinQueryInterval = value),
        Switch(nameof(Sora2ClientOptions.ValidateRequests), (options, value) => options.ValidateRequests = value),
        Switch(nameof(Sora2ClientOptions.AllowPrivateNetworkDownloads), (options, value) => options.AllowPrivateNetworkDownloads = value),
        Switch(nameof(Sora2ClientOptions.LogPrompts), (options, value) => options.LogPrompts = value),
        Choice<UnresolvedMentions>(nameof(Sora2ClientOptions.UnresolvedMentions), (options, value) => options.UnresolvedMentions = value),
    ];

    /// <summary>Those of <see cref="Sora2ClientOptions.Resilience"/>, named from its section.</summary>
    private static readonly Setting[] ResilienceSettings =
    [
        .. OfGroup(nameof(Sora2ResilienceOptions.Media), options => options.Media),
        .. OfGroup(nameof(Sora2ResilienceOptions.Queries), options => options.Queries),
    ];

    private delegate bool TryRead<T>(string text, out T value);

    /// <summary>Fills options in; what cannot be read stays as it was and is told of in <see cref="Sora2ClientOptions.SectionProblems"/>, beside what another section under the same name brought.</summary>
    public static void Bind(IConfiguration section, Sora2ClientOptions options)
    {
        var problems = new List<string>();
        Read(section, Settings, "", options, problems);
        ReadResilience(section.GetSection(nameof(options.Resilience)), options, problems);
        options.ReadFrom.TryAdd(nameof(options.ApiKey), (section.GetSection(nameof(options.ApiKey)).Path, null)); // A key that comes from nowhere is missing here.

        // At the root stands all that a machine's environment holds: nothing there is a slip of somebody who meant us.
        if (section is IConfigurationSection named)
        {
            problems.AddRange(named.GetChildren().Select(child => Slip(child, named)).OfType<string>());
        }

        Tell(problems, options);
    }

    /// <summary>The same for a section that holds <see cref="Sora2ClientOptions.Resilience"/> alone.</summary>
    public static void BindResilience(IConfiguration section, Sora2ClientOptions options)
    {
        var problems = new List<string>();
        ReadResilience(section, options, problems);
        Tell(problems, options);
    }

    private static void Tell(List<string> problems, Sora2ClientOptions options) =>
        options.SectionProblems = [.. options.SectionProblems.Union(problems, StringComparer.Ordinal)];

    private static void Read(IConfiguration section, Setting[] settings, string prefix, Sora2ClientOptions options, List<string> problems)
    {
        foreach (var setting in settings)
        {
            var value = section.GetSection(setting.Name);
            if (setting.Read(value, options, problems) is { } read)
            {
                options.ReadFrom[prefix + setting.Name] = (value.Path, read);
            }
        }
    }

    private static void ReadResilience(IConfiguration section, Sora2ClientOptions options, List<string> problems)
    {
        Read(section, ResilienceSettings, nameof(options.Resilience) + ":", options, problems);

        // A misspelt limit would be no limit.
        var known = ResilienceSettings.Select(setting => setting.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var groups = section is IConfigurationSection ? section.GetChildren() : []; // at the root stands all that a machine's environment holds
        foreach (var group in groups)
        {
            var unknown = group.GetChildren().Where(child => !known.Contains($"{group.Key}:{child.Key}")).Select(child => child.Path);
            problems.AddRange((group.Value is null ? unknown : unknown.Prepend(group.Path)).Select(path => $"{path} is not a setting. Known are {string.Join(", ", known.Order(StringComparer.Ordinal))}."));
        }
    }

    private static IEnumerable<Setting> OfGroup(string name, Func<Sora2ResilienceOptions, HttpResilienceOptions> group)
    {
        HttpResilienceOptions Of(Sora2ClientOptions options) => group(options.Resilience);
        string Name(string setting) => $"{name}:{setting}";

        yield return Whole(Name(nameof(HttpResilienceOptions.MaxRetryAttempts)), (options, value) => Of(options).MaxRetryAttempts = value);
        yield return Time(Name(nameof(HttpResilienceOptions.RetryDelay)), (options, value) => Of(options).RetryDelay = value);
        yield return Time(Name(nameof(HttpResilienceOptions.MaxRetryAfter)), (options, value) => Of(options).MaxRetryAfter = value);
        yield return Time(Name(nameof(HttpResilienceOptions.AttemptTimeout)), (options, value) => Of(options).AttemptTimeout = value);
        yield return Switch(Name(nameof(HttpResilienceOptions.UseCircuitBreaker)), (options, value) => Of(options).UseCircuitBreaker = value);
        yield return Number(Name(nameof(HttpResilienceOptions.FailureRatio)), (options, value) => Of(options).FailureRatio = value);
        yield return Whole(Name(nameof(HttpResilienceOptions.MinimumThroughput)), (options, value) => Of(options).MinimumThroughput = value);
        yield return Time(Name(nameof(HttpResilienceOptions.SamplingDuration)), (options, value) => Of(options).SamplingDuration = value);
        yield return Time(Name(nameof(HttpResilienceOptions.BreakDuration)), (options, value) => Of(options).BreakDuration = value);
        yield return Whole(Name(nameof(HttpResilienceOptions.PermitLimit)), (options, value) => Of(options).PermitLimit = value);
        yield return Whole(Name(nameof(HttpResilienceOptions.QueueLimit)), (options, value) => Of(options).QueueLimit = value);
    }

    /// <summary>
    /// A value under a name that no setting has, but nearly or elsewhere, where that one is not set. Its value is not shown: it may be a key. Other names are somebody's own.
    /// </summary>
    private static string? Slip(IConfigurationSection child, IConfigurationSection section)
    {
        var isList = child.GetChildren().Any();
        if ((child.Value is null && !isList) || Settings.Any(setting => setting.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var meant = Settings
            .Where(setting => setting.IsList == isList && !section.GetSection(setting.Name).Exists())
            .MinBy(setting => Slips(setting.Name, child.Key));
        return meant is not null && Slips(meant.Name, child.Key) <= MaxSlips ? $"{child.Path} is not a setting. Did you mean {meant.Name}?" : null;
    }

    private static int Slips(string setting, string name) => OtherNames.GetValueOrDefault(name) == setting ? 0 : Distance(setting, name);

    /// <summary>How many letters have to be put in, left out or exchanged to make one of the other.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], same ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1])));
            }
        }

        return row[^1];
    }

    private static Setting Text(string name, Action<Sora2ClientOptions, string> set) => new(name, IsList: false, (value, options, _) =>
    {
        if (value.Value is { } text)
        {
            set(options, text);
        }

        return value.Value;
    });

    private static Setting Switch(string name, Action<Sora2ClientOptions, bool> set) => One<bool>(name, set, bool.TryParse, "true or false");

    private static Setting Whole(string name, Action<Sora2ClientOptions, int> set) =>
        One<int>(name, set, static (string text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value), "a whole number such as 5");

    private static Setting Number(string name, Action<Sora2ClientOptions, double> set) =>
        One<double>(name, set, static (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value), "a number such as 0.1");

    private static Setting Choice<T>(string name, Action<Sora2ClientOptions, T> set)
        where T : struct, Enum => One<T>(name, set, TryReadChoice, string.Join(", ", Enum.GetNames<T>()));

    /// <summary>By name only; <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> takes numbers too.</summary>
    private static bool TryReadChoice<T>(string text, out T value)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text.Trim(), StringComparer.OrdinalIgnoreCase);

    private static Setting Time(string name, Action<Sora2ClientOptions, TimeSpan> set) =>
        One<TimeSpan>(name, set, TryReadTime, "a time as hours:minutes:seconds, with hours below 24: write 00:00:20 for 20 seconds, or 1.00:00:00 for a day");

    /// <summary>Not what <see cref="TimeSpan.Parse(string)"/> takes: <c>20</c> and <c>24:00:00</c> are days there, which nobody means.</summary>
    private static bool TryReadTime(string text, out TimeSpan value)
    {
        value = default;
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text.Trim(), "c", CultureInfo.InvariantCulture, out value);
    }

    private static Setting Address(string name, Action<Sora2ClientOptions, Uri> set) => One(name, set, TryReadAddress, Addressed);

    private static Setting Addresses(string name, Action<Sora2ClientOptions, IList<Uri>> set) => new(name, IsList: true, (value, options, problems) =>
    {
        if (!string.IsNullOrEmpty(value.Value))
        {
            problems.Add($"{value.Path} is \"{Redaction.Redact(value.Value)}\"; it has to be a list: [\"https://api.example.com\"], or {value.Path}:0 and so on.");
        }

        var addresses = new List<Uri>();
        foreach (var item in value.GetChildren())
        {
            ReadOne<Uri>(item, TryReadAddress, addresses.Add, Addressed, problems);
        }

        if (addresses.Count == 0)
        {
            return null;
        }

        set(options, addresses);
        return addresses;
    });

    private static Setting One<T>(string name, Action<Sora2ClientOptions, T> set, TryRead<T> tryRead, string form) =>
        new(name, IsList: false, (value, options, problems) => ReadOne(value, tryRead, read => set(options, read), form, problems));

    /// <summary>Nothing, as JSON's null and an empty variable, leaves a setting as it is.</summary>
    private static object? ReadOne<T>(IConfigurationSection value, TryRead<T> tryRead, Action<T> set, string form, List<string> problems)
    {
        if (string.IsNullOrEmpty(value.Value))
        {
            return null;
        }

        if (tryRead(value.Value, out var read))
        {
            set(read);
            return read;
        }

        problems.Add($"{value.Path} is \"{Redaction.Redact(value.Value)}\"; it has to be {form}.");
        return null;
    }

    private const string Addressed = "an absolute https address such as https://api.example.com";

    private static bool TryReadAddress(string text, out Uri value) => Uri.TryCreate(text, UriKind.Absolute, out value!);

    /// <summary>One setting: how it is set from its place in the configuration. What was read there comes back, or null.</summary>
    private sealed record Setting(string Name, bool IsList, Func<IConfigurationSection, Sora2ClientOptions, List<string>, object?> Read);
}
