using System.Text.Json;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The fields of a JSON body. Strict rules check their JSON types, in which the platforms differ.</summary>
internal sealed class JsonFields(JsonElement body, FieldRules rules) : FieldReader(rules)
{
    private static readonly string[] ReferenceNames = ["input_reference", "images", "image"];

    public bool Has(string name) => body.TryGetProperty(name, out _);

    public override string? OptionalText(string name, params IReadOnlyList<string> allowed)
    {
        if (!body.TryGetProperty(name, out var value) || (!IsStrict && value.ValueKind == JsonValueKind.Null))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            var text = value.GetString()!;
            return allowed.Count > 0 ? OneOf(name, text, allowed) : text;
        }

        if (!IsStrict && value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetRawText();
        }

        if (Rules != FieldRules.Unrestricted)
        {
            Reject(name, $"must be a string, not {Describe(value)}");
        }

        return null;
    }

    /// <summary>Reads seconds as a JSON number or, where the rules are not strict, as text.</summary>
    public int? Seconds(string name)
    {
        if (!IsStrict)
        {
            return OptionalSeconds(name);
        }

        if (!body.TryGetProperty(name, out var value))
        {
            Reject(name, "is required");
            return null;
        }

        return WholeNumber(name, value);
    }

    public void OptionalNumber(string name)
    {
        if (IsStrict && body.TryGetProperty(name, out var value))
        {
            WholeNumber(name, value);
        }
    }

    public bool Flag(string name)
    {
        if (!IsStrict)
        {
            return OptionalText(name) is "true";
        }

        if (!body.TryGetProperty(name, out var value))
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Reject(name, $"must be true or false, not {Describe(value)}");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>Reads reference images: addresses, data URIs and, where the rules are not strict, bare base64.</summary>
    public IReadOnlyList<string> Images(string name, bool required)
    {
        var images = new List<string>();
        if (!IsStrict)
        {
            AddImages(name, images);
            return images;
        }

        if (!body.TryGetProperty(name, out var value))
        {
            if (required)
            {
                Reject(name, "is required; [] makes a video from text alone");
            }

            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Reject(name, $"must be an array of strings, not {Describe(value)}");
            return [];
        }

        AddEach(name, value, images);
        return images;
    }

    public override IReadOnlyList<string> References()
    {
        var images = new List<string>();
        foreach (var name in ReferenceNames)
        {
            AddImages(name, images);
        }

        return images;
    }

    /// <summary>Adds one or several images in any form that clients send.</summary>
    /// <remarks>Text, a list, or an object with an address, as openai's package sends.</remarks>
    private void AddImages(string name, List<string> images)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                AddEach(name, value, images);
                break;
            case JsonValueKind.Object when value.TryGetProperty("image_url", out var address) && address.ValueKind == JsonValueKind.String:
                AddImage(name, address.GetString()!, images);
                break;
            case JsonValueKind.String when value.ValueEquals(""):
            case JsonValueKind.Null:
                break;
            case JsonValueKind.String:
                AddImage(name, value.GetString()!, images);
                break;
            default:
                RejectImage(name, $"must be an array of strings, not {Describe(value)}");
                break;
        }
    }

    private void AddEach(string name, JsonElement list, List<string> images)
    {
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                AddImage(name, item.GetString()!, images);
            }
            else
            {
                RejectImage(name, $"must hold strings, not {Describe(item)}");
            }
        }
    }

    private void RejectImage(string name, string message)
    {
        if (Rules != FieldRules.Unrestricted)
        {
            Reject(name, message);
        }
    }

    private int? WholeNumber(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        Reject(name, $"must be a whole number, not {Describe(value)}");
        return null;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a string",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
