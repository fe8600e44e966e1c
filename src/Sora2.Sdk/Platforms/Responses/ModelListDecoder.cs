using System.Text.Json;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Decodes the names of models from a response, or throws its error.</summary>
/// <remarks>The usual form is <c>{"data":[{"id":"sora-2"}]}</c>; any other success in JSON lists no models.</remarks>
internal static class ModelListDecoder
{
    public static IReadOnlyList<string> Decode(ApiResponse response)
    {
        if (!response.IsSuccess)
        {
            throw ErrorClassifier.Classify(response);
        }

        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return List(document.RootElement) is { } list
                ? [.. list.EnumerateArray().Select(Name).OfType<string>().Distinct(StringComparer.Ordinal)]
                : ErrorText.Parse(response.Body).IsError ? throw ErrorClassifier.Classify(response)
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s response is not complete JSON.", e);
        }
    }

    private static JsonElement? List(JsonElement root) =>
        root.ValueKind is JsonValueKind.Array ? root
        : root.ValueKind is JsonValueKind.Object && root.TryGetProperty("data", out var data)
            && data.ValueKind is JsonValueKind.Array ? data
        : null;

    private static string? Name(JsonElement model)
    {
        if (model.ValueKind is JsonValueKind.Object)
        {
            model = model.TryGetProperty("id", out var id) ? id : default;
        }

        return model.ValueKind is JsonValueKind.String && model.GetString()!.Trim() is { Length: > 0 } name ? name : null;
    }
}
