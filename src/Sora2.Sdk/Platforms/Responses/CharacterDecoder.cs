using System.Text.Json;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Decodes a character from a response, or throws its error. A success without a username is a refusal.</summary>
internal static class CharacterDecoder
{
    public static Character Decode(ApiResponse response)
    {
        if (!response.IsSuccess)
        {
            throw ErrorClassifier.Classify(response);
        }

        try
        {
            using var document = JsonDocument.Parse(response.Body);
            var root = document.RootElement;
            if (Text(root, "username") is null && root.ValueKind is JsonValueKind.Object && root.TryGetProperty("data", out var data))
            {
                root = data;
            }

            if (Text(root, "username") is not { } username || HasError(document.RootElement))
            {
                throw ErrorText.Parse(response.Body).Message is null
                    ? ErrorClassifier.Unreadable(response, $"{response.PlatformTitle} returned no username.")
                    : ErrorClassifier.Classify(response);
            }

            return new Character
            {
                Id = Text(root, "id") ?? "",
                Username = username,
                DisplayName = Text(root, "display_name"),
                Permalink = LenientValues.Url(Text(root, "permalink")),
                ProfilePictureUrl = LenientValues.Url(Text(root, "profile_picture_url")),
                RawResponse = new RawResponse(response.Body),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s response is not complete JSON.", e);
        }
    }

    private static bool HasError(JsonElement root) =>
        root.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
        && !(error.ValueKind is JsonValueKind.String && string.IsNullOrWhiteSpace(error.GetString()));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        && value.ToString().Trim() is { Length: > 0 } text
            ? text
            : null;
}
