namespace Sora2.Sdk.Display;

/// <summary>
/// Tells notebooks on .NET Interactive how to show a type. They find an attribute of this name in any namespace, whoever declares it, so that no reference to them is needed.
/// </summary>
/// <param name="formatterSourceType">A type with a method <c>CreateTypeFormatters</c>.</param>
// Nothing is kept from the trimmer for its sake: a notebook's kernel compiles as it goes and is never trimmed, and programs that are shall not carry this along.
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType => formatterSourceType;

    public string[] PreferredMimeTypes { get; } = [NotebookFormats.Html];
}
