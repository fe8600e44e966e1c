using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk.Tests.Hosting;

public sealed partial class OptionsJsonTests
{
    [Fact]
    public void Json_of_options_contains_the_settings_and_no_key()
    {
        var options = new Sora2ClientOptions
        {
            ApiKey = "test-key-juxin",
            DefaultModel = "sora-2",
            TaskStore = new MemoryTaskStore(),
            CharacterLibrary = new CharacterLibrary(new MemoryCharacterStore()),
        };

        var json = JsonSerializer.Serialize(options, Context.Default.Sora2ClientOptions);

        Assert.Contains("\"DefaultModel\":\"sora-2\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("test-key", json, StringComparison.Ordinal);
        Assert.DoesNotContain("ApiKey", json, StringComparison.Ordinal);
    }

    [JsonSerializable(typeof(Sora2ClientOptions))]
    private sealed partial class Context : JsonSerializerContext;
}
