using Microsoft.Extensions.Options;

namespace Sora2.Sdk;

/// <summary>Makes an application with wrong settings fail at its start, with a message that names the setting.</summary>
internal sealed class Sora2ClientOptionsValidator(IEnumerable<Sora2Platform> platforms) : IValidateOptions<Sora2ClientOptions>
{
    public ValidateOptionsResult Validate(string? name, Sora2ClientOptions options)
    {
        if (Sora2ClientSettings.Problem(options, platforms) is not { } problem)
        {
            return ValidateOptionsResult.Success;
        }

        var registration = string.IsNullOrEmpty(name) ? "AddSora2" : $"AddSora2(\"{name}\")";
        return ValidateOptionsResult.Fail(options.ConfigurationPath is { Length: > 0 } path ? $"{registration}, configuration \"{path}\": {problem}" : $"{registration}: {problem}");
    }
}
