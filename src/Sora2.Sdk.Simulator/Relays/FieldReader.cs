using System.Globalization;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Reads the fields of a request and keeps the first problem.</summary>
internal abstract class FieldReader(FieldRules rules)
{
    private const int MaxSeconds = 3600;

    public FieldRules Rules { get; } = rules;

    public bool IsStrict => Rules == FieldRules.Strict;

    /// <summary>The first problem; null when all fields read so far are valid.</summary>
    public FieldProblem? Problem { get; private set; }

    public abstract string? OptionalText(string name, params IReadOnlyList<string> allowed);

    /// <summary>Reads the reference images of a create on <c>/v1/videos</c>: addresses, base64 or file names.</summary>
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

    /// <summary>Reads the model; empty where it is omitted and the rules allow that.</summary>
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

    /// <summary>Reads whole seconds as text or, where the rules are not strict, as a number; null where the field is omitted.</summary>
    public int? OptionalSeconds(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        var style = IsStrict ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= MaxSeconds
            && (decimal.IsInteger(seconds) || Rules == FieldRules.Unrestricted))
        {
            return (int)decimal.Ceiling(seconds);
        }

        // Other models accept other values here, such as -1 for a length that the model chooses.
        if (Rules != FieldRules.Unrestricted)
        {
            Reject(name, $"must be a whole number{(IsStrict ? " as text" : "")}, not '{text}'");
        }

        return null;
    }

    /// <summary>Reads the orientation from the first of these fields that has one; landscape where none does.</summary>
    public bool IsPortrait(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (AspectRatioText.IsPortrait(OptionalText(name)) is { } portrait)
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

    /// <summary>Adds an image given as text to the list, or rejects it.</summary>
    protected void AddImage(string name, string image, List<string> images)
    {
        if (Rules != FieldRules.Unrestricted && ImageContent.ProblemWith(image, acceptsBareBase64: !IsStrict) is { } problem)
        {
            Reject(name, problem);
            return;
        }

        images.Add(image);
    }
}
