using Sora2.Sdk.Display;

namespace Sora2.Sdk;

[TypeFormatterSource(typeof(NotebookFormats))]
public abstract partial record ImageInput
{
    /// <summary>Returns what LINQPad shows of this value.</summary>
    internal object ToDump() => LinqPad.Show(this);
}
