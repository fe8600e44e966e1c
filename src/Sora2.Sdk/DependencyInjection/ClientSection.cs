using Microsoft.Extensions.Configuration;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>A configuration section that contains settings of one client.</summary>
/// <remarks>
/// It is read by hand because the framework's binder stops at the first value that it cannot read, and does not say what a setting accepts.
/// </remarks>
/// <param name="client">The client's name.</param>
/// <param name="section">The section, or the root of the configuration.</param>
/// <param name="group">What to put before the section's keys to get settings: <c>Resilience:</c> for a section of those alone.</param>
internal sealed class ClientSection(string client, IConfiguration section, string group = "")
{
    /// <summary>Where further clients have their sections by convention: <c>Sora2:Accounts:cheap</c>.</summary>
    private const string Accounts = "Accounts";

    public string Client => client;

    public IConfiguration Configuration => section;

    private IEnumerable<Setting<Sora2ClientOptions>> Settings =>
        ClientSettings.Configurable.Where(setting => setting.Name.StartsWith(group, StringComparison.Ordinal));

    /// <summary>Sets the options to the section's values, except for values that cannot be read.</summary>
    public void Bind(Sora2ClientOptions options)
    {
        foreach (var setting in Settings)
        {
            if (setting.Read(Find(setting), []) is { } value)
            {
                setting.Set!(options, value);
            }
        }
    }

    /// <summary>Returns what cannot be read, and the keys that are not settings, without their values: one may be an API key.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        foreach (var setting in Settings)
        {
            setting.Read(Find(setting), problems);
        }

        // The root contains the whole environment of the machine, so a key there that is not a setting is not a misspelt one.
        var resilience = group == ClientSettings.ResilienceGroup ? section : section.GetSection(nameof(Sora2ClientOptions.Resilience));
        problems.AddRange(resilience is IConfigurationSection ? UnknownInResilience(resilience) : []);
        problems.AddRange(group.Length == 0 && section is IConfigurationSection ? Unknown(section) : []);
        return problems;
    }

    /// <summary>Returns the path of a setting whose value in the options is the section's, or null.</summary>
    public string? PathOf(string setting, Sora2ClientOptions options) =>
        Settings.FirstOrDefault(known => known.Name == setting) is { } found
        && found.Read(Find(found), []) is { } value
        && found.HasValue(options, value)
            ? Find(found).Path
            : null;

    /// <summary>Returns the API key's place in the section, which may be empty; null where it is a section of other settings.</summary>
    public IConfigurationSection? FindKey() => group.Length == 0 ? section.GetSection(nameof(Sora2ClientOptions.ApiKey)) : null;

    private static IEnumerable<string> Unknown(IConfiguration section)
    {
        var known = ClientSettings.Configurable.Select(setting => setting.Name.Split(':')[0]).Distinct(StringComparer.Ordinal).ToList();
        return from child in section.GetChildren()
               where child.Value is not null || child.GetChildren().Any()
               where !known.Append(Accounts).Contains(child.Key, StringComparer.OrdinalIgnoreCase)
               select NotASetting(child.Path, known);
    }

    private static IEnumerable<string> UnknownInResilience(IConfiguration section)
    {
        var known = ClientSettings.Configurable
            .Where(setting => setting.Name.StartsWith(ClientSettings.ResilienceGroup, StringComparison.Ordinal))
            .Select(setting => setting.Name[ClientSettings.ResilienceGroup.Length..])
            .ToList();
        return from part in section.GetChildren()
               let unknown = part.GetChildren()
                   .Where(child => !known.Contains($"{part.Key}:{child.Key}", StringComparer.OrdinalIgnoreCase))
                   .Select(child => child.Path)
               from path in part.Value is null ? unknown : unknown.Prepend(part.Path)
               select NotASetting(path, known);
    }

    private static string NotASetting(string path, IEnumerable<string> known) =>
        $"{path} is not a setting. Known are {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    private IConfigurationSection Find(Setting<Sora2ClientOptions> setting) => section.GetSection(setting.Name[group.Length..]);
}
