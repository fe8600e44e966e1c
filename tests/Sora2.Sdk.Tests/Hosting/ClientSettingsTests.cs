using System.Reflection;
using Microsoft.Extensions.Configuration;
using Sora2.Sdk.DependencyInjection;

namespace Sora2.Sdk.Tests.Hosting;

public sealed class ClientSettingsTests
{
    public static TheoryData<string> Names
    {
        get
        {
            var http = typeof(HttpResilienceOptions).GetProperties().Select(property => property.Name).ToList();
            return
            [
                .. typeof(Sora2ClientOptions).GetProperties()
                    .Where(property => property.PropertyType is not { IsInterface: true, IsGenericType: false })
                    .Where(property => property.PropertyType != typeof(Sora2ResilienceOptions)
                        && property.PropertyType != typeof(TimeProvider)
                        && property.PropertyType != typeof(CharacterLibrary))
                    .Select(property => property.Name),
                .. http.Select(name => "Resilience:Media:" + name),
                .. http.Select(name => "Resilience:Queries:" + name),
            ];
        }
    }

    /// <summary>Properties are reached by reflection, so that a new one without its line in the table fails here.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_is_read_from_configuration(string name)
    {
        var options = new Sora2ClientOptions();
        var (target, property) = Find(options, name);
        var (text, expected) = Sample(property, property.GetValue(target));
        var key = "Sora2:" + name + (expected is IList<Uri> ? ":0" : "");
        var section = new ClientSection("", new ConfigurationBuilder().AddInMemoryCollection([new(key, text)]).Build().GetSection("Sora2"));
        var before = property.GetValue(target);

        section.Bind(options);

        Assert.NotEqual(before, expected);
        Assert.Equal(expected, property.GetValue(target));
        Assert.Empty(section.Problems());
        Assert.Equal("Sora2:" + name, section.PathOf(name, options));
        Assert.Null(section.PathOf(name, new Sora2ClientOptions()));
    }

    [Fact]
    public void Internal_jitter_seed_is_not_a_setting() => Assert.Contains(
        "Sora2:JitterSeed is not a setting. Known are AllowInsecureBaseAddress, ",
        Assert.Single(new ClientSection("", Configuration("Sora2:JitterSeed", "5").GetSection("Sora2")).Problems()),
        StringComparison.Ordinal);

    private static IConfiguration Configuration(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

    private static (object Target, PropertyInfo Property) Find(object options, string name)
    {
        foreach (var group in name.Split(':')[..^1])
        {
            options = options.GetType().GetProperty(group)!.GetValue(options)!;
        }

        return (options, options.GetType().GetProperty(name.Split(':')[^1])!);
    }

    /// <summary>Returns a value that is not the default, and how it is written.</summary>
    private static (string Text, object Value) Sample(PropertyInfo property, object? standard)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(bool) ? ((bool)standard! ? ("false", false) : ("True", true))
            : type == typeof(int) ? ("7", 7)
            : type == typeof(double) ? ("0.25", 0.25)
            : type == typeof(TimeSpan) ? ("00:00:07.5", TimeSpan.FromSeconds(7.5))
            : type == typeof(Uri) ? ("https://api.example.com/p", new Uri("https://api.example.com/p"))
            : type == typeof(IList<Uri>) ? ("https://api.example.com/", new List<Uri> { new("https://api.example.com/") })
            : type.IsEnum ? (Enum.GetNames(type)[^1].ToLowerInvariant(), Enum.Parse(type, Enum.GetNames(type)[^1]))
            : ("test-value", "test-value");
    }
}
