using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.TestSupport;

/// <summary>Creates values of any type by reflection, with secrets in every text, address and byte array.</summary>
/// <remarks>Properties that are added later are filled as well.</remarks>
public static class FakeSecrets
{
    /// <summary>The secrets, which must not appear in any output.</summary>
    public static IReadOnlyList<string> All { get; } = ["test-key-juxin", "sk-fake-key-0000", "fakesignature", "ZmFrZWltYWdl"];

    // The secrets come first, so that shortening does not remove them; then characters that break lines and terminals.
    private const string Text = "Words sk-fake-key-0000 https://me:fakesignature@media.example/v.mp4?X-Sig=fakesignature "
        + "data:image/png;base64,ZmFrZWltYWdl \r\nsecond line\u2028third \u001b[31m \u202e";

    /// <summary>A long text with every secret that is recognizable without knowing the key.</summary>
    public static string LongText { get; } = Text + new string('x', 5000);

    /// <summary>Creates a value of a type, or returns null if that is not possible.</summary>
    public static object? Make(Type type, string? name = null, int depth = 0)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? (name == "ApiKey" ? "test-key-juxin" : LongText)
            : type == typeof(Uri) ? new Uri("https://me:fakesignature@media.example/some/video.mp4?X-Sig=fakesignature#fakesignature")
            : type == typeof(ReadOnlyMemory<byte>) ? (ReadOnlyMemory<byte>)"ZmFrZWltYWdl"u8.ToArray()
            : type == typeof(JsonObject) ? new JsonObject { [Text] = Text }
            : type == typeof(Exception) ? new InvalidOperationException(LongText)
            : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch
            : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(12.5)
            : type == typeof(bool) ? true
            : type == typeof(double) ? 37.5
            : type == typeof(int) || type == typeof(long) ? Convert.ChangeType(3, type, null)
            : type.IsEnum ? Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)
            : ElementOf(type) is { } element ? ListOf(element, depth)
            : type.IsInterface && ImplementationOf(type) is { } implementation ? Activator.CreateInstance(implementation)
            : type.IsAbstract || typeof(Delegate).IsAssignableFrom(type) || !IsOurs(type) || depth > 4 ? null
            : Fill(type, depth);
    }

    /// <summary>Returns the public types of an assembly that can have values.</summary>
    public static IEnumerable<Type> ValueTypesOf(Assembly assembly) => assembly.GetExportedTypes().Where(type =>
        type is { IsInterface: false, IsAbstract: false, IsEnum: false, IsGenericTypeDefinition: false }
        && !typeof(Delegate).IsAssignableFrom(type)
        && !typeof(System.Text.Json.Serialization.JsonConverter).IsAssignableFrom(type));

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Sora2", StringComparison.Ordinal) == true;

    private static Type? ImplementationOf(Type type) =>
        type.Assembly.GetExportedTypes().FirstOrDefault(other => type.IsAssignableFrom(other) && other.GetConstructor([]) is not null);

    private static object? Fill(Type type, int depth)
    {
        // The constructor with the most parameters; the copy constructor of a record is not public.
        var constructors = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length);
        if (constructors.FirstOrDefault() is not { } constructor)
        {
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        var arguments = constructor.GetParameters().Select(parameter => Make(parameter.ParameterType, parameter.Name, depth + 1));
        var value = constructor.Invoke([.. arguments]);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.Where(property => property.SetMethod?.IsPublic == true))
        {
            if (Make(property.PropertyType, property.Name, depth + 1) is { } content)
            {
                property.SetValue(value, content);
            }
        }

        return value;
    }

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is { } shape
        && (shape == typeof(IReadOnlyList<>) || shape == typeof(IList<>) || shape == typeof(IEnumerable<>))
            ? type.GetGenericArguments()[0]
            : null;

    private static IList? ListOf(Type element, int depth)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (var i = 0; i < 20; i++)
        {
            if (Make(element, name: null, depth + 1) is { } item)
            {
                list.Add(item);
            }
        }

        return list;
    }
}
