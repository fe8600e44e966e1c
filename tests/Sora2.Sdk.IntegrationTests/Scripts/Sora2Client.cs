using LINQPad;

namespace Sora2.Sdk.LinqPadQueries;

/// <summary>Hides the real class from the queries and connects them to the simulator of the running test.</summary>
internal static class Sora2Client
{
    public static Sdk.Sora2Client Create(Sora2Platform platform, string apiKey, Action<Sora2ClientOptions>? configure = null) =>
        Sdk.Sora2Client.Create(platform, apiKey, options =>
        {
            configure?.Invoke(options);
            options.BaseAddress = new Uri(Session.Current.Reply("simulator"));
            options.AllowPrivateNetworkDownloads = true;
            options.PollInterval = TimeSpan.FromMilliseconds(10);
        });
}
