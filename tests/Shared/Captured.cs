using System.Text.Json;

namespace Sora2.Sdk.TestSupport;

/// <summary>Responses of the platforms, verbatim; <c>tests/captured/README.md</c> lists their sources.</summary>
public static class Captured
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "character-created",
        "error-400-task-not-exist", "error-403-quota", "error-404-invalid-url", "error-429-saturated", "error-503-no-channel",
        "juxin-create-accepted", "juxin-create-accepted-native", "juxin-query-completed", "juxin-query-failed-error-object",
        "juxin-query-numeric-status", "juxin-query-pending-native",
        "zhenzhen-create-accepted", "zhenzhen-query-failure", "zhenzhen-query-success",
    ];

    public static byte[] Read(string name)
    {
        using var stream = typeof(Captured).Assembly.GetManifestResourceStream($"captured/{name}.json")
            ?? throw new ArgumentException($"No captured response {name}.", nameof(name));
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static JsonElement Json(string name) => Parsed(Read(name));

    /// <summary>Parses JSON without reflection, which is off in tests.</summary>
    public static JsonElement Parsed(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Returns the names of an object's fields in their order.</summary>
    public static string Fields(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(field => field.Name));
}
