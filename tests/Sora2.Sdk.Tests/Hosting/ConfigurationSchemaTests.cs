using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Configuration;
using Sora2.Sdk.Common;
using Sora2.Sdk.DependencyInjection;

namespace Sora2.Sdk.Tests.Hosting;

/// <summary>The schema that editors use for appsettings.json, and the tables of docs/hosting.md, agree with the options.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly string[] InCodeOnly =
    [
        nameof(Sora2ClientOptions.TimeProvider), nameof(Sora2ClientOptions.TaskStore), nameof(Sora2ClientOptions.CharacterLibrary),
        nameof(Sora2ClientOptions.LoggerFactory),
    ];

    private static readonly string Source = Repository.PathOf("src/Sora2.Sdk");

    private static readonly JsonObject Schema =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Source, "ConfigurationSchema.json")))!.AsObject();

    private static IEnumerable<PropertyInfo> Settings =>
        typeof(Sora2ClientOptions).GetProperties().Where(property => !InCodeOnly.Contains(property.Name));

    private static JsonObject Described => Schema["definitions"]!["sora2Client"]!["properties"]!.AsObject();

    [Fact]
    public void Schema_is_the_one_that_is_generated() =>
        IsGenerated(Path.Combine(Source, "ConfigurationSchema.json"), _ => SettingsDocuments.Schema());

    [Fact]
    public void Tables_of_settings_are_the_ones_that_are_generated() =>
        IsGenerated(Repository.PathOf("docs/hosting.md"), SettingsDocuments.WithTables);

    [Fact]
    public void Every_property_is_in_the_table_of_settings()
    {
        HasAll(typeof(Sora2ClientOptions), ClientSettings.Properties.Select(setting => setting.Name));
        HasAll(typeof(HttpResilienceOptions), ClientSettings.HttpResilience.Select(setting => setting.Name));

        static void HasAll(Type type, IEnumerable<string> names) =>
            Assert.Equal(
                type.GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_range_is_in_the_documentation_of_its_property()
    {
        HasRange(typeof(Sora2ClientOptions), ClientSettings.Properties);
        HasRange(typeof(HttpResilienceOptions), ClientSettings.HttpResilience);

        static void HasRange<T>(Type type, IEnumerable<Setting<T>> settings)
            where T : class
        {
            foreach (var setting in settings.Where(setting => setting.Range is not null))
            {
                var value = SettingsDocuments.Part(type, setting.Name, "value");
                IEnumerable<string> expected = setting.Form.Choices.Count > 0 ? setting.Form.Choices : [setting.Range!.Text.Split(',')[0]];

                Assert.All(expected, text => Assert.Contains(text, value, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    [Fact]
    public void Every_property_is_in_the_schema_and_nothing_else() => Assert.Equal(
        Settings.Select(setting => setting.Name).Append("Accounts").Order(StringComparer.Ordinal),
        Described.Select(setting => setting.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_description_is_that_of_the_documentation() => IsDocumented(Settings, Described);

    [Fact]
    public void Groups_of_resilience_settings_are_those_of_the_options()
    {
        var resilience = Described[nameof(Sora2ClientOptions.Resilience)]!["properties"]!.AsObject();
        var group = Schema["definitions"]!["httpResilience"]!["properties"]!.AsObject();
        var settings = typeof(HttpResilienceOptions).GetProperties();

        IsDocumented(typeof(Sora2ResilienceOptions).GetProperties(), resilience);
        IsDocumented(settings, group);
        Assert.Equal(
            settings.Select(setting => setting.Name).Order(StringComparer.Ordinal),
            group.Select(setting => setting.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_default_is_that_of_the_options()
    {
        var options = new Sora2ClientOptions();
        foreach (var setting in Settings)
        {
            var expected = setting.GetValue(options) switch
            {
                IList<Uri> or Sora2ResilienceOptions or null => null,
                TimeSpan time => $"\"{time:c}\"",
                string text => $"\"{text}\"",
                Enum choice => $"\"{choice}\"",
                var value => Convert.ToString(value, CultureInfo.InvariantCulture)!.ToLowerInvariant(),
            };
            Assert.Equal((setting.Name, expected), (setting.Name, Described[setting.Name]!["default"]?.ToJsonString()));
        }
    }

    [Theory]
    [InlineData("""{ "Sora2": { "Platform": "juxin", "ApiKey": "test-key-juxin", "FallbackBaseAddresses": [ "https://h" ] } }""", "")]
    [InlineData("""{ "Sora2": { "PollInterval": "00:00:30", "MaxRunningTasks": 5 } }""", "")]
    [InlineData("""{ "Sora2": { "Platform": "my-relay", "WaitTimeout": "-00:00:00.001", "PollJitter": 0.25 }, "Logging": {} }""", "")]
    [InlineData("""{ "Sora2": { "PolInterval": "00:00:30" } }""", "/Sora2")]
    [InlineData("""{ "Sora2": { "Accounts": { "cheap": { "ApiKey": "test-key-juxin" }, "sharp": { "Platform": "zhenzhen" } } } }""", "")]
    [InlineData("""{ "Sora2": { "PollInterval": "soon" } }""", "/Sora2/PollInterval")]
    [InlineData("""{ "Sora2": { "PollInterval": 30 } }""", "/Sora2/PollInterval")]
    [InlineData("""{ "Sora2": { "MaxRunningTasks": 0 } }""", "/Sora2/MaxRunningTasks")]
    [InlineData("""{ "Sora2": { "MaxRunningTasks": "many" } }""", "/Sora2/MaxRunningTasks")]
    [InlineData("""{ "Sora2": { "PollJitter": 0.6 } }""", "/Sora2/PollJitter")]
    [InlineData("""{ "Sora2": { "UnresolvedMentions": "Refuse" } }""", "")]
    [InlineData("""{ "Sora2": { "UnresolvedMentions": "Never" } }""", "/Sora2/UnresolvedMentions")]
    [InlineData("""{ "Sora2": { "FallbackBaseAddresses": "https://h" } }""", "/Sora2/FallbackBaseAddresses")]
    [InlineData(
        """{ "Sora2": { "Resilience": { "Media": { "PermitLimit": 8, "BreakDuration": "00:00:30", "FailureRatio": 0.25 } } } }""", "")]
    [InlineData("""{ "Sora2": { "Resilience": { "Queries": { "MaxRetryAttempts": 1 } } } }""", "")]
    [InlineData("""{ "Sora2": { "Resilience": { "Media": { "PermitLimit": 0 } } } }""", "/Sora2/Resilience/Media/PermitLimit")]
    [InlineData("""{ "Sora2": { "Resilience": { "Media": { "BreakDuration": 30 } } } }""", "/Sora2/Resilience/Media/BreakDuration")]
    [InlineData("""{ "Sora2": { "Resilience": { "Media": { "PermitLimits": 8 } } } }""", "/Sora2/Resilience/Media")]
    [InlineData(
        """{ "Sora2": { "Accounts": { "cheap": { "QueryRetries": 101, "LogPrompts": "yes" } } } }""",
        "/Sora2/Accounts/cheap/QueryRetries /Sora2/Accounts/cheap/LogPrompts")]
    public void Settings_are_checked(string appsettings, string wrong) =>
        Assert.Equal(wrong, string.Join(' ', Wrong(Schema, JsonNode.Parse(appsettings), "")));

    [Theory]
    [InlineData("00:00:30", true)]
    [InlineData("23:59", true)]
    [InlineData("0:0:5.5", true)]
    [InlineData("1.00:00:00", true)]
    [InlineData("-00:00:00.001", true)]
    [InlineData("20", false)]
    [InlineData("1.5", false)]
    [InlineData("24:00:00", false)]
    [InlineData("1.24:00:00", false)]
    [InlineData("1:02:03:04", false)]
    [InlineData("00:60:00", false)]
    [InlineData("00:00:60", false)]
    [InlineData("30 s", false)]
    public void Schema_accepts_the_times_that_can_be_read(string text, bool isTime)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("WaitTimeout", text)]).Build();
        var problems = new ClientSection("", configuration).Problems();

        Assert.Equal((isTime, isTime), (problems.Count == 0, !Wrong(Described["WaitTimeout"]!, text, "").Any()));
    }

    [Fact]
    public void Package_names_the_schema_for_appsettings_files()
    {
        var segment = XDocument.Load(Path.Combine(Source, "buildTransitive/Sora2.Sdk.targets")).Descendants("JsonSchemaSegment").Single();

        Assert.Equal("$(MSBuildThisFileDirectory)../ConfigurationSchema.json", segment.Attribute("Include")!.Value);
        var files = new Regex(segment.Attribute("FilePathPattern")!.Value, RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Matches(files, "appsettings.json");
        Assert.Matches(files, "appsettings.Production.json");
    }

    private static void IsGenerated(string path, Func<string, string> generate)
    {
        var before = File.ReadAllText(path);
        var now = generate(before);
        if (now == before)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("SORA2_ACCEPT_PUBLIC_API") == "1")
        {
            File.WriteAllText(path, now);
            return;
        }

        var (old, changed) = (before.Split('\n'), now.Split('\n'));
        Assert.Fail($"""
            {Path.GetFileName(path)} does not agree with the settings:

            {string.Join('\n', old.Except(changed).Select(line => "- " + line).Concat(changed.Except(old).Select(line => "+ " + line)))}

            Write it with
                SORA2_ACCEPT_PUBLIC_API=1 dotnet test --filter-class "*.PublicApiTests" "*.ConfigurationSchemaTests" --ignore-exit-code 8
            """);
    }

    private static void IsDocumented(IEnumerable<PropertyInfo> settings, JsonObject described)
    {
        foreach (var setting in settings)
        {
            var description = (string?)described[setting.Name]!["description"];
            var summary = SettingsDocuments.Part(setting.DeclaringType!, setting.Name, "summary");
            Assert.True(summary.Length > 0 && description!.StartsWith(summary, StringComparison.Ordinal), $"{setting.Name}: {description}");
        }
    }

    /// <summary>The part of JSON Schema that the schema uses; anything else in it fails the test.</summary>
    private static IEnumerable<string> Wrong(JsonNode schema, JsonNode? value, string path)
    {
        foreach (var (keyword, rule) in schema.AsObject())
        {
            var holds = keyword switch
            {
                "definitions" or "description" or "default" or "examples" or "format" => true,
                "type" => (string)rule! == TypeOf(value) || ((string)rule! == "number" && TypeOf(value) == "integer"),
                "enum" => rule!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)),
                "pattern" => value?.GetValueKind() != JsonValueKind.String
                    || Regex.IsMatch((string)value!, (string)rule!, RegexOptions.None, TimeSpan.FromSeconds(1)),
                "minimum" => value?.GetValueKind() != JsonValueKind.Number || (double)value >= (double)rule!,
                "maximum" => value?.GetValueKind() != JsonValueKind.Number || (double)value <= (double)rule!,
                "additionalProperties" when rule!.GetValueKind() == JsonValueKind.False =>
                    value is not JsonObject given || given.All(field => schema["properties"]?[field.Key] is not null),
                "anyOf" => rule!.AsArray().Any(one => !Wrong(one!, value, path).Any()),
                "$ref" or "allOf" or "items" or "properties" or "additionalProperties" => true,
                _ => throw new NotSupportedException(keyword),
            };
            if (!holds)
            {
                yield return path;
                yield break;
            }
        }

        var further = Referenced(schema).SelectMany(one => Wrong(one, value, path)).Concat(value switch
        {
            JsonArray list when schema["items"] is { } item => list.SelectMany((entry, index) => Wrong(item, entry, $"{path}/{index}")),
            JsonObject fields => fields.SelectMany(field =>
                (schema["properties"]?[field.Key] ?? schema["additionalProperties"]) is JsonObject rule
                    ? Wrong(rule, field.Value, $"{path}/{field.Key}")
                    : []),
            _ => [],
        });
        foreach (var wrong in further)
        {
            yield return wrong;
        }
    }

    private static IEnumerable<JsonNode> Referenced(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
        {
            yield return Schema["definitions"]![((string)reference!).Split('/')[^1]]!;
        }

        foreach (var one in schema["allOf"]?.AsArray() ?? [])
        {
            yield return one!;
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => (double)value % 1 == 0 ? "integer" : "number",
        _ => "null",
    };
}
