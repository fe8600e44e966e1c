using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sora2.Sdk.Smoke;

/// <summary>A client as an application creates it: settings from JSON, services from a container.</summary>
internal sealed class ContainerHost : IClientHost
{
    private readonly ServiceProvider _services;

    public ContainerHost(Sora2Platform platform, Uri address, string key, string folder)
    {
        var settings = $$"""
            {
              "Sora2": {
                "Platform": "{{platform.Name}}",
                "ApiKey": "{{key}}",
                "BaseAddress": "{{address}}",
                "FallbackBaseAddresses": [ "https://fallback.example.com" ],
                "AllowPrivateNetworkDownloads": true,
                "PollInterval": "00:00:00.02",
                "RetryDelay": "00:00:00.01",
                "PollJitter": 0.2,
                "MaxRunningTasks": 10
              },
              "Http": { "Media": { "PermitLimit": 4, "BreakDuration": "00:00:05" }, "Queries": { "MaxRetryAttempts": 1 } }
            }
            """;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(settings))).Build();
        var services = new ServiceCollection();
        services.AddSora2("smoke", configuration.GetSection("Sora2"))
            .AddResilience(configuration.GetSection("Http"))
            .AddTaskStore(Path.Combine(folder, "tasks"))
            .AddCharacterLibrary(Path.Combine(folder, "characters.json"));
        services.AddSora2Router("smoke");
        _services = services.BuildServiceProvider();

        // Every type of value that the configuration binder has to read.
        var bound = _services.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>().Get("smoke");
        Check.Equal(TimeSpan.FromMilliseconds(20), bound.PollInterval, "a time from configuration");
        Check.Equal(address, bound.BaseAddress, "an address from configuration");
        Check.Equal("https://fallback.example.com/", string.Join(' ', bound.FallbackBaseAddresses), "a list from configuration");
        Check.Equal(0.2, bound.PollJitter, "a number from configuration");
        Check.Equal(10, bound.MaxRunningTasks, "an optional number from configuration");
        Check.Equal(4, bound.Resilience.Media.PermitLimit, "a limit from a section of its own");
        Check.Equal(TimeSpan.FromSeconds(5), bound.Resilience.Media.BreakDuration, "a time from a section of its own");
        Check.That(bound.AllowPrivateNetworkDownloads, "a switch from configuration");
        Check.That(ReferenceEquals(Client, _services.GetRequiredService<Sora2Router>().Clients[0]), "the router has the client");
    }

    public ISora2Client Client => _services.GetRequiredKeyedService<ISora2Client>("smoke");

    public ITaskStore Store => _services.GetRequiredService<ITaskStore>();

    public CharacterLibrary Library => _services.GetRequiredService<CharacterLibrary>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
