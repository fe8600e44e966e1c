using System.Runtime.CompilerServices;
using System.Text.Json;
using Sora2.Sdk;
using Sora2.Sdk.Smoke;

// All features of the SDK in a program that is trimmed or compiled to native code, as the analysers promise it works.
if (args is ["start"])
{
    // Measures the start-up: nothing is sent.
    using var client = Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin");
    return client.Name.Length;
}

if (args is not [var juxin, var zhenzhen, var key, var folder])
{
    Console.Error.WriteLine(
        "Arguments: the simulator's addresses of Juxin and Zhenzhen, its key and an empty folder; or \"start\", to only create a client.");
    return 2;
}

try
{
    Check.That(!JsonSerializer.IsReflectionEnabledByDefault, "JSON reflection is off");
    (Sora2Platform Platform, Uri Address)[] accounts = [(Sora2Platform.Juxin, new Uri(juxin)), (Sora2Platform.Zhenzhen, new Uri(zhenzhen))];
    await Unused.IsNotLoadedAsync(accounts[0].Platform, accounts[0].Address, key);
    foreach (var (platform, address) in accounts)
    {
        await Flow.RunAsync(
            $"{platform.Name}, by Sora2Client.Create",
            Path.Combine(folder, platform.Name + "-script"),
            work => new ScriptHost(platform, address, key, work));
        await Flow.RunAsync(
            $"{platform.Name}, by AddSora2 from JSON configuration",
            Path.Combine(folder, platform.Name + "-container"),
            work => new ContainerHost(platform, address, key, work));
    }

    WrongSettings.AreNamed();
    Console.WriteLine(
        $"{Check.Count} checks hold, {(RuntimeFeature.IsDynamicCodeSupported ? "trimmed" : "native")}, .NET {Environment.Version}.");
    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine(e);
    return 1;
}
