using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>Stops the start of an application whose settings are not valid, with a message that names all of them.</summary>
internal sealed class Sora2ClientOptionsValidator(
    IEnumerable<Sora2Platform> platforms, IEnumerable<ClientSection> sections, IEnumerable<EnvironmentClient> fromEnvironment)
    : IValidateOptions<Sora2ClientOptions>
{
    public ValidateOptionsResult Validate(string? name, Sora2ClientOptions options)
    {
        name ??= "";
        var registration = name.Length == 0 ? "AddSora2" : $"AddSora2(\"{name}\")";
        var own = sections.Where(section => section.Client == name).ToList();
        var missingKey = fromEnvironment.Any(client => client.Name == name) ? EnvironmentKey.Missing("AddSora2(options => …)") : null;
        List<string> problems =
        [
            .. own.SelectMany(section => section.Problems()).Distinct(StringComparer.Ordinal),
            .. Sora2ClientOptionsValidation.Problems(options, platforms, PathOf, missingKey),
        ];
        return problems.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems.Select(problem => $"{registration}: {problem}"));

        // The last section that sets a value wins. A key that no section sets is missing in the first.
        string? PathOf(string setting) =>
            own.Select(section => section.PathOf(setting, options)).LastOrDefault(path => path is not null)
            ?? (setting == nameof(options.ApiKey) && options.ApiKey is null ? PathOfMissingKey() : null);

        string? PathOfMissingKey()
        {
            var keys = own.Select(section => section.FindKey()).OfType<IConfigurationSection>().ToList();
            return keys.TrueForAll(key => key.Value is null) ? keys.FirstOrDefault()?.Path : null;
        }
    }
}
