namespace Sora2.Sdk.Display;

/// <summary>Names the formatters of a type for notebooks on .NET Interactive.</summary>
/// <remarks>They find an attribute of this name in any namespace and assembly, so that no reference to them is needed.</remarks>
/// <param name="formatterSourceType">A type with a method <c>CreateTypeFormatters</c>.</param>
// Nothing is preserved from the trimmer: a notebook is never trimmed, and trimmed programs do not need this.
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType => formatterSourceType;

    public string[] PreferredMimeTypes { get; } = [NotebookFormats.Html];
}
