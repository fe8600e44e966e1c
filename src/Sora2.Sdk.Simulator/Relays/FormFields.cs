using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The fields of a multipart body: text parts, and files that must be images.</summary>
internal sealed class FormFields(MultipartBody form, FieldRules rules) : FieldReader(rules)
{
    private const string ImagesName = "input_reference";

    public override string? OptionalText(string name, params IReadOnlyList<string> allowed)
    {
        if (!form.Fields.TryGetValue(name, out var values))
        {
            if (form.Files.Any(file => file.Name == name))
            {
                Reject(name, "must be a text part, not a file");
            }

            return null;
        }

        if (IsStrict && values.Count > 1)
        {
            Reject(name, "must stand only once");
        }

        return allowed.Count > 0 ? OneOf(name, values[0], allowed) : values[0];
    }

    public override IReadOnlyList<string> References()
    {
        var images = new List<string>();
        foreach (var (name, values) in form.Fields)
        {
            if (IsStrict ? name == ImagesName : IsImageName(name))
            {
                AddTexts(name, values, images);
            }
        }

        foreach (var file in form.Files)
        {
            if (IsStrict && file.Name != ImagesName)
            {
                Reject(file.Name, $"is no file of this route; images are named {ImagesName}");
            }
            else if (Rules != FieldRules.Unrestricted && ImageContent.MediaTypeOf(file.Content.Span) is null)
            {
                Reject(file.Name, $"'{file.FileName}' is not a PNG, JPEG, WebP or GIF image");
            }

            images.Add(file.FileName);
        }

        return images;
    }

    // The names that clients use, among them "input_reference[image_url]" of openai's package.
    private static bool IsImageName(string name) => name.Split('[')[0] is ImagesName or "image" or "images";

    private void AddTexts(string name, IReadOnlyList<string> values, List<string> images)
    {
        if (IsStrict)
        {
            Reject(name, "must be a file: this route takes no addresses");
            return;
        }

        foreach (var value in values.Where(value => value.Length > 0))
        {
            AddImage(name, value, images);
        }
    }
}
