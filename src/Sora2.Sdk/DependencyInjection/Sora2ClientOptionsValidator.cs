using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>Makes an application with wrong settings fail at its start, with a message that names all of them.</summary>
internal sealed class Sora2ClientOptionsValidator(IEnumerable<Sora2Platform> platforms) : IValidateOptions<Sora2ClientOptions>
{
    public ValidateOptionsResult Validate(string? name, Sora2ClientOptions options)
    {
        var registration = string.IsNullOrEmpty(name) ? "AddSora2" : $"AddSora2(\"{name}\")";
        return Sora2ClientOptionsValidation.Problems(options, platforms) is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems.Select(problem => $"{registration}: {problem}"))
            : ValidateOptionsResult.Success;
    }
}
