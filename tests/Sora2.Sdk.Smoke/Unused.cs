using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Smoke;

/// <summary>Verifies that a program without downloads does not load the assemblies that downloads need.</summary>
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

        // A native program loads no assemblies.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            var loaded = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name);
            Check.That(!loaded.Contains(Package), $"{Package} is not loaded before the first download");
        }
    }
}
