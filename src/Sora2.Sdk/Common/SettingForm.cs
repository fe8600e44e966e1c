using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Sora2.Sdk.Common;

/// <summary>How the value of a setting is written in configuration.</summary>
/// <param name="Description">What a value has to be, for messages.</param>
/// <param name="Parse">Returns the value of a text, or null where it is none.</param>
internal record SettingForm(string Description, Func<string, object?> Parse)
{
    public static SettingForm<string> Text { get; } = new("a text", text => text);

    /// <summary>A text that is never shown.</summary>
    public static SettingForm<string> Secret { get; } = new("a secret", text => text);

    public static SettingForm<bool> Switch { get; } = new("true or false", text => bool.TryParse(text, out var value) ? value : null);

    public static SettingForm<int> Whole { get; } = new(
        "a whole number such as 5",
        text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null);

    public static SettingForm<double> Number { get; } = new(
        "a number such as 0.1",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null);

    /// <summary>Stricter than <see cref="TimeSpan.Parse(string)"/>, which reads <c>20</c> and <c>24:00:00</c> as days.</summary>
    public static SettingForm<TimeSpan> Time { get; } = new(
        "a time as hours:minutes:seconds, with hours below 24: write 00:00:20 for 20 seconds, or 1.00:00:00 for a day",
        text => text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text.Trim(), "c", CultureInfo.InvariantCulture, out var value) ? value : null);

    public static SettingForm<Uri> Address { get; } = new(
        "an absolute https address such as https://api.example.com",
        text => Uri.TryCreate(text, UriKind.Absolute, out var value) ? value : null);

    public static SettingForm<IList<Uri>> Addresses { get; } = new AddressList();

    /// <summary>A group of settings, or an object that only code can create.</summary>
    public static SettingForm InCode { get; } = new("set in code", _ => null);

    /// <summary>The texts that it accepts, where there are only some.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>A name of an enum in any letter case, but no number, which <see cref="Enum.TryParse{T}(string, out T)"/> accepts.</summary>
    public static SettingForm<T> Choice<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return new(
            string.Join(", ", names),
            text => Enum.TryParse<T>(text, ignoreCase: true, out var value)
                && names.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) ? value : null)
        {
            Choices = names,
        };
    }

    /// <summary>Returns the value of a section, or null. JSON's null and an empty variable are no value, except for a text.</summary>
    public virtual object? Read(IConfigurationSection section, List<string> problems)
    {
        if (section.Value is not { } text || (text.Length == 0 && this != Text && this != Secret))
        {
            return null;
        }

        if (Parse(text) is { } value)
        {
            return value;
        }

        problems.Add($"{section.Path} is \"{Redaction.Redact(text)}\"; it has to be {Description}.");
        return null;
    }

    /// <summary>A list has its values under the section, and none of its own.</summary>
    private sealed record AddressList() : SettingForm<IList<Uri>>("a list: [\"https://api.example.com\"]", _ => null)
    {
        public override object? Read(IConfigurationSection section, List<string> problems)
        {
            if (!string.IsNullOrEmpty(section.Value))
            {
                problems.Add(
                    $"{section.Path} is \"{Redaction.Redact(section.Value)}\"; it has to be {Description}, or {section.Path}:0 and so on.");
            }

            var addresses = section.GetChildren().Select(item => Address.Read(item, problems)).OfType<Uri>().ToList();
            return addresses.Count == 0 ? null : addresses;
        }
    }
}

/// <summary>How a value of one type is written in configuration.</summary>
/// <typeparam name="T">The type of the property.</typeparam>
/// <param name="Description">What a value has to be, for messages.</param>
/// <param name="Parse">Returns the value of a text, or null where it is none.</param>
internal record SettingForm<T>(string Description, Func<string, object?> Parse) : SettingForm(Description, Parse);
