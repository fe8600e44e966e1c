using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tests.Hosting;

/// <summary>Writes the documents that list the settings, from the table of settings and from the XML documentation.</summary>
internal static partial class SettingsDocuments
{
    private const string TimePattern = @"^-?(\d+\.)?([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d(\.\d{1,7})?)?$";

    private static readonly XDocument Documentation = XDocument.Load(
        Path.ChangeExtension(typeof(Sora2ClientOptions).Assembly.Location, ".xml"));

    private static readonly Sora2ClientOptions Defaults = new();

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<Setting<Sora2ClientOptions>> InConfiguration =>
        ClientSettings.Properties.Where(setting => setting.Set is not null || setting.Name == nameof(Sora2ClientOptions.Resilience));

    /// <summary>Returns the text of ConfigurationSchema.json.</summary>
    public static string Schema()
    {
        var client = new JsonObject();
        foreach (var setting in InConfiguration)
        {
            client[setting.Name] = setting.Set is null
                ? Resilience()
                : Property(setting, typeof(Sora2ClientOptions), setting.Get(Defaults));
        }

        client["Accounts"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Further clients by name: AddSora2(\"cheap\", Configuration.GetSection(\"Sora2:Accounts:cheap\")).",
            ["additionalProperties"] = Reference("sora2Client"),
        };
        var http = new JsonObject();
        foreach (var setting in ClientSettings.HttpResilience)
        {
            http[setting.Name] = Property(setting, typeof(HttpResilienceOptions), value: null);
        }

        var schema = new JsonObject
        {
            ["definitions"] = new JsonObject
            {
                ["logLevel"] = new JsonObject
                {
                    ["properties"] = new JsonObject { ["Sora2.Sdk"] = Reference("logLevelThreshold") },
                },
                ["sora2Client"] = Object("The settings of one Sora2 client, for AddSora2.", client),
                ["httpResilience"] = Object(Plain(Member("T", typeof(HttpResilienceOptions).FullName!).Element("summary")!), http),
            },
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["Sora2"] = new JsonObject
                {
                    ["description"] =
                        "One Sora2 client: AddSora2(Configuration.GetSection(\"Sora2\")). Further accounts are under Accounts.",
                    ["allOf"] = new JsonArray(Reference("sora2Client")),
                },
            },
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    /// <summary>Returns a page with the tables of settings between its markers.</summary>
    public static string WithTables(string page)
    {
        var settings = InConfiguration.Select(setting => setting.Set is null
            ? $"| `{setting.Name}` | see below | {Meaning(typeof(Sora2ClientOptions), setting.Name)} |"
            : $"| `{setting.Name}` | {Value(setting.Get(Defaults))} | {Meaning(typeof(Sora2ClientOptions), setting.Name)} |");
        var resilience = ClientSettings.HttpResilience.Select(setting =>
            $"| `{setting.Name}` | {Value(setting.Get(Defaults.Resilience.Media))} | {Value(setting.Get(Defaults.Resilience.Queries))} "
            + $"| {Meaning(typeof(HttpResilienceOptions), setting.Name)} |");

        page = Replace(page, "settings", ["| key | default | meaning, values |", "|---|---|---|", .. settings]);
        return Replace(
            page,
            "resilience",
            [
                "| under `Resilience:Media` or `Resilience:Queries` | media | queries | meaning, values |",
                "|---|---|---|---|",
                .. resilience,
            ]);
    }

    /// <summary>Returns the plain text of a part of a property's documentation.</summary>
    public static string Part(Type type, string property, string part) =>
        Member("P", $"{type.FullName}.{property}").Element(part) is { } element ? Plain(element) : "";

    private static JsonObject Resilience()
    {
        var groups = new JsonObject();
        foreach (var group in new[] { nameof(Sora2ResilienceOptions.Media), nameof(Sora2ResilienceOptions.Queries) })
        {
            groups[group] = new JsonObject
            {
                ["description"] = Text(typeof(Sora2ResilienceOptions), group),
                ["allOf"] = new JsonArray(Reference("httpResilience")),
            };
        }

        return Object(Text(typeof(Sora2ClientOptions), nameof(Sora2ClientOptions.Resilience)), groups);
    }

    private static JsonObject Property<T>(Setting<T> setting, Type type, object? value)
        where T : class
    {
        var form = setting.Form;
        var json = form == SettingForm.Switch ? new JsonObject { ["type"] = "boolean" }
            : form == SettingForm.Whole ? new JsonObject { ["type"] = "integer" }
            : form == SettingForm.Number ? new JsonObject { ["type"] = "number" }
            : form == SettingForm.Time ? new JsonObject { ["type"] = "string", ["pattern"] = TimePattern }
            : form == SettingForm.Address ? new JsonObject { ["type"] = "string", ["format"] = "uri" }
            : form == SettingForm.Addresses
                ? new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } }
            : form.Choices.Count > 0 ? new JsonObject { ["type"] = "string", ["enum"] = Texts(form.Choices) }
            : new JsonObject { ["type"] = "string" };
        if (setting.Range?.Minimum is { } minimum)
        {
            json["minimum"] = minimum;
        }

        if (setting.Range?.Maximum is { } maximum)
        {
            json["maximum"] = maximum;
        }

        // Suggestions: an adapter of one's own has another name, and a platform takes models that the SDK does not know.
        if (setting.Name == nameof(Sora2ClientOptions.Platform))
        {
            json["examples"] = Texts(Sora2Platform.BuiltIn.Select(platform => platform.Name));
        }
        else if (setting.Name == nameof(Sora2ClientOptions.DefaultModel))
        {
            json["examples"] = Texts(Sora2Platform.BuiltIn.SelectMany(platform => platform.Models).Select(model => model.Name).Distinct());
        }

        json["description"] = Text(type, setting.Name);
        if (Default(value) is { } standard)
        {
            json["default"] = standard;
        }

        return json;
    }

    private static JsonNode? Default(object? value) => value switch
    {
        bool on => on,
        int whole => whole,
        double number => number,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        string or Enum => value.ToString(),
        _ => null,
    };

    private static JsonObject Object(string description, JsonObject properties) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["properties"] = properties,
        ["additionalProperties"] = false,
    };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = "#/definitions/" + definition };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static string Value(object? value) => value switch
    {
        null or IList<Uri> { Count: 0 } => "none",
        int.MaxValue => "no limit",
        bool on => on ? "`true`" : "`false`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static string Replace(string page, string marker, IEnumerable<string> lines)
    {
        var (start, end) = ($"<!-- {marker}: generated, see CONTRIBUTING.md -->\n", $"<!-- /{marker} -->");
        var from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= start.Length && to >= from, $"The page has no place for {marker}.");
        return page[..from] + string.Concat(lines.Select(line => line + "\n")) + page[to..];
    }

    private static string Text(Type type, string property) =>
        string.Join(' ', new[] { Part(type, property, "summary"), Part(type, property, "value") }.Where(text => text.Length > 0));

    private static string Meaning(Type type, string property)
    {
        var member = Member("P", $"{type.FullName}.{property}");
        var parts = new[] { member.Element("summary"), member.Element("value") }.OfType<XElement>();
        return string.Join(' ', parts.Select(part => Write(part, code: "`"))).Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static XElement Member(string kind, string name) =>
        Documentation.Descendants("member").Single(member => member.Attribute("name")!.Value == $"{kind}:{name}");

    private static string Plain(XElement element) => Write(element, code: "");

    /// <summary>In configuration, <see cref="Timeout.InfiniteTimeSpan"/> is written as a time.</summary>
    private static string Write(XElement element, string code) => Space().Replace(
        string.Concat(element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement see when see.Attribute("cref")?.Value.EndsWith(".InfiniteTimeSpan", StringComparison.Ordinal) == true =>
                $"{code}-00:00:00.001{code} for no limit",
            XElement see when see.Attribute("cref") is { } cref => $"{code}{cref.Value.Split('.')[^1]}{code}",
            XElement words when words.Name == "c" => $"{code}{words.Value}{code}",
            XElement words => Write(words, code),
            _ => "",
        })),
        " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
