namespace Sora2.Sdk.Simulator;

/// <summary>Reads the fields of a request and keeps the first thing that is wrong with them.</summary>
internal abstract class FieldReader
{
    /// <summary>The first problem; null when all fields read so far are as the platform wants them.</summary>
    public FieldProblem? Problem { get; private set; }

    public abstract string RequiredText(string name);

    public string RequiredPrompt() => NotBlank("prompt", RequiredText("prompt"));

    public void Reject(string field, string message) => Problem ??= new FieldProblem(field, message);

    protected string NotBlank(string name, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Reject(name, "must not be empty");
        }

        return value;
    }

    protected string OneOf(string name, string value, IReadOnlyList<string> allowed)
    {
        if (!allowed.Contains(value, StringComparer.Ordinal))
        {
            Reject(name, $"must be one of {string.Join(", ", allowed)}, not '{value}'");
        }

        return value;
    }
}
