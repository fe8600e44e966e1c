using System.Text.Json;

namespace Sora2.Sdk.Simulator;

/// <summary>The fields of a JSON body, by their JSON types: the platforms differ in them and say no to the other's.</summary>
internal sealed class JsonFields(JsonElement body) : FieldReader
{
    public bool Has(string name) => body.TryGetProperty(name, out _);

    public override string RequiredText(string name) => Text(name, required: true) ?? "";

    public string? OptionalText(string name, params IReadOnlyList<string> allowed)
    {
        var text = Text(name, required: false);
        return text is not null && allowed.Count > 0 ? OneOf(name, text, allowed) : text;
    }

    public int RequiredNumber(string name)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            Reject(name, "is required");
            return 0;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        Reject(name, $"must be a whole number, not {Describe(value)}");
        return 0;
    }

    public void OptionalNumber(string name)
    {
        if (body.TryGetProperty(name, out _))
        {
            RequiredNumber(name);
        }
    }

    public bool Flag(string name)
    {
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

    /// <summary>Reference images: addresses or data URIs.</summary>
    public IReadOnlyList<string> Images(string name, bool required)
    {
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

        var images = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                Reject(name, $"must hold strings, not {Describe(item)}");
            }
            else if (ImageContent.ProblemWith(item.GetString()!) is { } problem)
            {
                Reject(name, problem);
            }
            else
            {
                images.Add(item.GetString()!);
            }
        }

        return images;
    }

    private string? Text(string name, bool required)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            if (required)
            {
                Reject(name, "is required");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Reject(name, $"must be a string, not {Describe(value)}");
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
