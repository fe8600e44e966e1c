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
    public static Setting<TOptions> Text(
        Func<TOptions, object?> get, Action<TOptions, string> set, [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Text, get, set, range: null, property);

    public static Setting<TOptions> Secret(
        Func<TOptions, object?> get, Action<TOptions, string> set, [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Secret, get, set, range: null, property);

    public static Setting<TOptions> Address(
        Func<TOptions, object?> get, Action<TOptions, Uri> set, [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Address, get, set, range: null, property);

    public static Setting<TOptions> Addresses(
        Func<TOptions, object?> get, Action<TOptions, IList<Uri>> set, [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Addresses, get, set, range: null, property);

    public static Setting<TOptions> Switch(
        Func<TOptions, object?> get, Action<TOptions, bool> set, [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Switch, get, set, range: null, property);

    public static Setting<TOptions> Whole(
        Func<TOptions, object?> get,
        Action<TOptions, int> set,
        SettingRange range,
        [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Whole, get, set, range, property);

    public static Setting<TOptions> Number(
        Func<TOptions, object?> get,
        Action<TOptions, double> set,
        SettingRange range,
        [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Number, get, set, range, property);

    public static Setting<TOptions> Time(
        Func<TOptions, object?> get,
        Action<TOptions, TimeSpan> set,
        SettingRange range,
        [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create(SettingForm.Time, get, set, range, property);

    public static Setting<TOptions> Choice<T>(
        Func<TOptions, object?> get, Action<TOptions, T> set, [CallerArgumentExpression(nameof(get))] string property = "")
        where T : struct, Enum =>
        Create(SettingForm.Choice<T>(), get, set, SettingRange.Choice<T>(), property);

    /// <summary>A setting that has no value of its own in configuration.</summary>
    public static Setting<TOptions> InCode(
        Func<TOptions, object?> get, [CallerArgumentExpression(nameof(get))] string property = "") =>
        Create<object>(SettingForm.InCode, get, set: null, range: null, property);

    /// <summary>Returns the same setting, reached from the options that contain its group.</summary>
    public Setting<TOuter> Within<TOuter>(string group, Func<TOuter, TOptions?> find)
        where TOuter : class =>
        new(
            group + Name,
            Form,
            outer => find(outer) is { } inner ? Get(inner) : null,
            Set is { } set ? (outer, value) => set(find(outer)!, value) : null,
            Range);

    /// <summary>Reads the value in a section. Null where there is none, or none that can be read, which is added to the problems.</summary>
    public object? Read(IConfigurationSection section, List<string> problems)
    {
        if (Form != SettingForm.Addresses)
        {
            return Form.Read(section, problems);
        }

        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add(
                $"{section.Path} is \"{Redaction.Text(section.Value)}\"; it has to be {Form.Description}, or {section.Path}:0 and so on.");
        }

        var addresses = section.GetChildren().Select(item => SettingForm.Address.Read(item, problems)).OfType<Uri>().ToList();
        return addresses.Count == 0 ? null : addresses;
    }

    public bool HasValue(TOptions options, object? value) => AreSame(Get(options), value);

    /// <summary>Returns the name and the value on one line, or null where it is the default. Of a secret only whether it is set.</summary>
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

    // The property is the source text of the getter, such as "options => options.PollInterval".
    private static Setting<TOptions> Create<T>(
        SettingForm form, Func<TOptions, object?> get, Action<TOptions, T>? set, SettingRange? range, string property) =>
        new(
            property[(property.LastIndexOf('.') + 1)..],
            form,
            get,
            set is null ? null : (options, value) => set(options, (T)value),
            range);
}
