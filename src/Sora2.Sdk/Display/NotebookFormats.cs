namespace Sora2.Sdk.Display;

/// <summary>Shows results in notebooks on .NET Interactive, which create this class and call its members by name.</summary>
internal sealed class NotebookFormats
{
    public const string Html = "text/html";

    // The two forms that a notebook may use. By default it would write every property: links with their signatures, and an options' key.
    private readonly object[] _forms = [new Form(Html, ResultCard.Format), new Form("text/plain", value => value.ToString())];

    public IEnumerable<object> CreateTypeFormatters() => _forms;

    private sealed class Form(string mimeType, Func<object, string?> write)
    {
        public string MimeType => mimeType;

        /// <summary>Writes a value, and returns whether it did.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(write(instance));
            return true;
        }
    }
}
