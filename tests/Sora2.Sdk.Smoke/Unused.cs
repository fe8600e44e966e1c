using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Smoke;

/// <summary>A program that creates and waits but downloads nothing does not load what downloads need.</summary>
internal static class Unused
{
    private const string Package = "Microsoft.Extensions.Http.Resilience";

    public static async Task IsNotLoadedAsync(Sora2Platform platform, Uri address, string key)
    {
        using var client = Sora2Client.Create(platform, key, options =>
        {
            options.BaseAddress = address;
            options.PollInterval = TimeSpan.FromMilliseconds(20);
        });
        await client.Videos.GenerateAsync(new VideoRequest("A corgi surfs at sunset"));

        // A native program has no assemblies to load.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            Check.That(AppDomain.CurrentDomain.GetAssemblies().All(assembly => assembly.GetName().Name != Package), $"{Package} is not loaded before the first download");
        }
    }
}
