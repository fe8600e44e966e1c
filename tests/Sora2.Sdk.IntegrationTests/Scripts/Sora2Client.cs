using LINQPad;

namespace Sora2.Sdk.LinqPadQueries;

/// <summary>Stands before the real one where the queries are compiled: sends them to the simulator of the test that runs them.</summary>
internal static class Sora2Client
{
    public static Sdk.Sora2Client Create(Sora2Platform platform, string apiKey, Action<Sora2ClientOptions>? configure = null) => Sdk.Sora2Client.Create(platform, apiKey, options =>
    {
        configure?.Invoke(options);
        options.BaseAddress = new Uri(Session.Current.Answer("simulator"));
        options.AllowPrivateNetworkDownloads = true;
        options.PollInterval = TimeSpan.FromMilliseconds(10);
    });
}
