using System.Globalization;

namespace Sora2.Sdk.Simulator;

/// <summary>Reads the fields of a request and keeps the first thing that is wrong with them.</summary>
internal abstract class FieldReader(FieldRules rules)
{
    private const int MostSeconds = 3600;

    public FieldRules Rules { get; } = rules;

    public bool IsStrict => Rules == FieldRules.Strict;

    /// <summary>The first problem; null when all fields read so far are as the platform wants them.</summary>
    public FieldProblem? Problem { get; private set; }

    public abstract string? OptionalText(string name, params IReadOnlyList<string> allowed);

    /// <summary>The reference images of a create on <c>/v1/videos</c>: addresses, base64 or the names of files.</summary>
    public abstract IReadOnlyList<string> References();

    public string RequiredText(string name)
    {
        var text = OptionalText(name);
        if (text is null)
        {
            Reject(name, "is required");
        }

        return text ?? "";
    }

    /// <summary>The model; empty where it is left out and the rules leave that to the distributor.</summary>
    public string Model() => IsStrict ? RequiredText("model") : OptionalText("model") ?? "";

    public string RequiredPrompt()
    {
        var prompt = RequiredText("prompt");
        if (string.IsNullOrWhiteSpace(prompt))
        {
            Reject("prompt", "must not be empty");
        }

        return prompt;
    }

    /// <summary>Whole seconds as text, or as a number too where the rules are not strict; null where they are left out.</summary>
    public int? OptionalSeconds(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        var style = IsStrict ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MostSeconds && (decimal.IsInteger(seconds) || Rules == FieldRules.Free))
        {
            return (int)decimal.Ceiling(seconds);
        }

        // Other models have words of their own here, such as -1 for a length of the model's choice.
        if (Rules != FieldRules.Free)
        {
            Reject(name, $"must be a whole number{(IsStrict ? " as text" : "")}, not '{text}'");
        }

        return null;
    }

    /// <summary>The frame, from the first of these fields that says one; landscape where none does.</summary>
    public bool IsPortrait(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (FrameText.IsPortrait(OptionalText(name)) is { } portrait)
            {
                return portrait;
            }
        }

        return false;
    }

    public void Reject(string field, string message) => Problem ??= new FieldProblem(field, message);

    protected string OneOf(string name, string value, IReadOnlyList<string> allowed)
    {
        if (IsStrict && !allowed.Contains(value, StringComparer.Ordinal))
        {
            Reject(name, $"must be one of {string.Join(", ", allowed)}, not '{value}'");
        }

        return value;
    }

    /// <summary>Judges an image given as text, and adds it to the list if it may be one.</summary>
    protected void TakeImage(string name, string image, List<string> images)
    {
        if (Rules != FieldRules.Free && ImageContent.ProblemWith(image, takesBareBase64: !IsStrict) is { } problem)
        {
            Reject(name, problem);
            return;
        }

        images.Add(image);
    }
}
