using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sora2.Sdk.Smoke;

/// <summary>Verifies that an invalid setting stops the start with a message that names it.</summary>
internal static class WrongSettings
{
    public static void AreNamed()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Sora2:ApiKey", "test-key-juxin"), new("Sora2:PollInterval", "-00:00:01")])
            .Build();
        var services = new ServiceCollection();
        services.AddSora2(configuration.GetSection("Sora2"));
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException e)
        {
            Check.That(e.Message.Contains("PollInterval", StringComparison.Ordinal), $"a wrong setting is named: {e.Message}");
            return;
        }

        throw new InvalidOperationException("Does not hold: a negative interval stops the start.");
    }
}
