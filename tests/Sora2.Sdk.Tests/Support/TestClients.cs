namespace Sora2.Sdk.Tests.Support;

internal static class TestClients
{
    public static Sora2Client Create(
        Sora2Platform platform,
        HttpMessageHandler api,
        Action<Sora2ClientOptions>? configure = null,
        HttpMessageHandler? media = null,
        string name = "")
    {
        var options = new Sora2ClientOptions { ApiKey = "test-key-" + platform.Name };
        options.UsePlatform(platform);
        configure?.Invoke(options);
        return new Sora2Client(name, options, api, media ?? new StubHandler("{}"));
    }

    public static string Accepted(Sora2Platform platform) => platform == Sora2Platform.Juxin
        ? """{"id":"task-1","status":"queued","progress":0}"""
        : """{"task_id":"task-1"}""";
}
