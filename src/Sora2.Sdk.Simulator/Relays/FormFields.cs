using System.Globalization;

namespace Sora2.Sdk.Simulator;

/// <summary>The fields of a multipart body: text parts, and files that must be images.</summary>
internal sealed class FormFields(MultipartBody form) : FieldReader
{
    public override string RequiredText(string name)
    {
        var text = OptionalText(name);
        if (text is null)
        {
            Reject(name, "is required");
        }

        return text ?? "";
    }

    public string? OptionalText(string name, params IReadOnlyList<string> allowed)
    {
        if (!form.Fields.TryGetValue(name, out var values))
        {
            if (form.Files.Any(file => file.Name == name))
            {
                Reject(name, "must be a text part, not a file");
            }

            return null;
        }

        if (values.Count > 1)
        {
            Reject(name, "must stand only once");
        }

        return allowed.Count > 0 ? OneOf(name, values[0], allowed) : values[0];
    }

    public int? OptionalSeconds(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            Reject(name, $"must be a whole number as text, not '{text}'");
        }

        return seconds;
    }

    /// <summary>Reference images: files only.</summary>
    public IReadOnlyList<string> Images(string name)
    {
        if (form.Fields.ContainsKey(name))
        {
            Reject(name, "must be a file: this route takes no addresses");
        }

        foreach (var file in form.Files)
        {
            if (file.Name != name)
            {
                Reject(file.Name, $"is no file of this route; images are named {name}");
            }
            else if (!ImageContent.IsImage(file.Content.Span))
            {
                Reject(name, $"'{file.FileName}' is not a PNG, JPEG, WebP or GIF image");
            }
        }

        return [.. form.Files.Select(file => file.FileName)];
    }
}
