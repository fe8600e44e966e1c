namespace Sora2.Sdk.Display;

/// <summary>What a notebook on .NET Interactive shows of a result. It makes one of these and calls its members by their names.</summary>
internal sealed class NotebookFormats
{
    public const string Html = "text/html";

    // Both forms in which a notebook may ask for a value. Left alone, it would write out every property: links with their signatures, and of options the key.
    private readonly object[] _forms = [new Form(Html, ResultCard.Format), new Form("text/plain", value => value.ToString())];

    public IEnumerable<object> CreateTypeFormatters() => _forms;

    private sealed class Form(string mimeType, Func<object, string?> write)
    {
        public string MimeType => mimeType;

        /// <summary>Writes a value, and says whether it did.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(write(instance));
            return true;
        }
    }
}
