using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Videos;

/// <summary>Converts a request of any kind to and from JSON; its <c>kind</c> says which it is.</summary>
internal sealed class GenerationRequestJsonConverter : JsonConverter<GenerationRequest>
{
    public override GenerationRequest? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A request has to be a JSON object.");
        }

        return KindOf(json) switch
        {
            "video" => json.Deserialize(Sora2Json.InfoOf<VideoRequest>(options)),
            "storyboard" => json.Deserialize(Sora2Json.InfoOf<Storyboard>(options)),
            "remix" => json.Deserialize(Sora2Json.InfoOf<RemixRequest>(options)),
            var kind => throw new JsonException(
                $"\"{LogSanitizer.SingleLine(kind, 40)}\" is not a kind of request; use \"video\", \"storyboard\" or \"remix\"."),
        };
    }

    public override void Write(Utf8JsonWriter writer, GenerationRequest value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case VideoRequest video:
                JsonSerializer.Serialize(writer, video, Sora2Json.InfoOf<VideoRequest>(options));
                break;
            case Storyboard storyboard:
                JsonSerializer.Serialize(writer, storyboard, Sora2Json.InfoOf<Storyboard>(options));
                break;
            case RemixRequest remix:
                JsonSerializer.Serialize(writer, remix, Sora2Json.InfoOf<RemixRequest>(options));
                break;
            default:
                throw new NotSupportedException(value.GetType().Name); // the constructor is not accessible to others
        }
    }

    /// <summary>Returns the kind; without one, what the fields show.</summary>
    private static string KindOf(JsonElement json)
    {
        var fields = json.EnumerateObject().ToLookup(field => field.Name, field => field.Value, StringComparer.OrdinalIgnoreCase);
        return fields["kind"].Select(kind => kind.ToString()).LastOrDefault()
            ?? (fields.Contains("shots") ? "storyboard" : fields.Contains("source") ? "remix" : "video");
    }
}
