using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Submissions;

/// <summary>Makes the digest that differs if two requests with one key differ.</summary>
/// <remarks>
/// Of the request as the caller wrote it, without key and metadata. Images count by address, path or content, and streams, which may be
/// readable only once, by their place. A property that is null does not count, so that one that is added later changes no digest.
/// </remarks>
internal static class RequestFingerprint
{
    private static readonly JsonTypeInfo<GenerationRequest> Canonical = CreateCanonical();

    /// <summary>Returns 64 lower-case hexadecimal digits.</summary>
    public static string Of(GenerationRequest request)
    {
        var json = JsonSerializer.SerializeToNode(request, Canonical)!.AsObject();
        json.Remove("key");
        json.Remove("metadata");
        if (request is RemixRequest remix)
        {
            json["source"] = remix.Source.Id; // the same with the account and without
        }

        return Digest(Encoding.UTF8.GetBytes(Sorted(json)!.ToJsonString()));
    }

    private static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    /// <summary>Sorts the fields of all objects, since a caller may build them from a dictionary.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonTypeInfo<GenerationRequest> CreateCanonical()
    {
        var options = Sora2Json.CreateOptions();
        options.Converters.Add(new ImageIdentityConverter());
        return (JsonTypeInfo<GenerationRequest>)options.GetTypeInfo(typeof(GenerationRequest));
    }

    private sealed class ImageIdentityConverter : JsonConverter<ImageInput>
    {
        public override ImageInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A fingerprint is not read.");

        public override void Write(Utf8JsonWriter writer, ImageInput value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Role + " " + value switch
            {
                UrlImage web => "url " + web.Url.OriginalString,
                FileImage file => "file " + file.Path,
                BytesImage bytes => "sha256 " + Digest(bytes.Bytes.Span),
                DataUriImage data => "sha256 " + Digest(data.Decode()),
                _ => "stream",
            });
    }
}
