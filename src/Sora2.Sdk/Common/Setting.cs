using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace Sora2.Sdk.Common;

/// <summary>One setting: how it is read from configuration, which values it accepts, and how it is shown.</summary>
/// <param name="Name">The property's name, after its group where it has one: <c>Resilience:Media:PermitLimit</c>.</param>
/// <param name="Form">How its value is written in configuration.</param>
/// <param name="Get">Returns its value, or null where its group is null.</param>
/// <param name="Set">Sets its value; null for a setting that only code sets.</param>
/// <param name="Range">The values that it accepts; null for all.</param>
internal sealed record Setting<TOptions>(
    string Name, SettingForm Form, Func<TOptions, object?> Get, Action<TOptions, object>? Set, SettingRange? Range)
    where TOptions : class
{
    /// <summary>Creates a setting with the name of the property that <paramref name="get"/> returns.</summary>
    public static Setting<TOptions> Create<T>(
        Func<TOptions, object?> get,
        Action<TOptions, T> set,
        SettingForm<T> form,
        SettingRange? range = null,
        [CallerArgumentExpression(nameof(get))] string source = "")
        where T : notnull =>
        new(NameOf(source), form, get, (options, value) => set(options, (T)value), range);

    /// <summary>Creates a setting that has no value of its own in configuration.</summary>
    public static Setting<TOptions> InCode(Func<TOptions, object?> get, [CallerArgumentExpression(nameof(get))] string source = "") =>
        new(NameOf(source), SettingForm.InCode, get, Set: null, Range: null);

    /// <summary>Returns the same setting, reached from the options that contain its group.</summary>
    public Setting<TOuter> Within<TOuter>(string group, Func<TOuter, TOptions?> find)
        where TOuter : class =>
        new(
            group + Name,
            Form,
            outer => find(outer) is { } inner ? Get(inner) : null,
            Set is { } set ? (outer, value) => set(find(outer)!, value) : null,
            Range);

    /// <summary>Returns the value in a section, or null where there is none; adds one that cannot be read to the problems.</summary>
    public object? Read(IConfigurationSection section, List<string> problems) => Form.Read(section, problems);

    public bool HasValue(TOptions options, object? value) => AreSame(Get(options), value);

    /// <summary>Returns the name and the value, or null where it is the default; of a secret only whether it is set.</summary>
    public string? Describe(TOptions options, TOptions defaults)
    {
        var value = Get(options);
        return Form == SettingForm.Secret ? (string.IsNullOrWhiteSpace((string?)value) ? "no key set" : "key set")
            : HasValue(defaults, value) ? null
            : $"{Name} = {value switch
            {
                null => "null",
                Uri address => LogSanitizer.SingleLine(address),
                IEnumerable<Uri> addresses => LogSanitizer.SingleLine(string.Join(" ", addresses.Select(Redaction.WithoutQuery))),
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                Sora2ResilienceOptions resilience => resilience.ToString(),
                _ => LogSanitizer.SingleLine(value.ToString()),
            }}";
    }

    private static bool AreSame(object? one, object? other) => (one, other) switch
    {
        (IEnumerable<Uri> addresses, IEnumerable<Uri> others) => addresses.SequenceEqual(others),
        (Sora2ResilienceOptions resilience, Sora2ResilienceOptions others) => resilience.IsSameAs(others),
        _ => Equals(one, other),
    };

    /// <summary>Returns the property in a source such as <c>o => o.PollInterval</c>.</summary>
    private static string NameOf(string source) => source[(source.LastIndexOf('.') + 1)..];
}
