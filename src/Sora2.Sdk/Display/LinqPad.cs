namespace Sora2.Sdk.Display;

/// <summary>
/// What LINQPad shows of a result. LINQPad calls an <c>object ToDump()</c>, public or not, on whatever is dumped, and shows what it returns; of the ways to show it HTML, only its own <c>Util.RawHtml</c> does
/// (an element of <c>System.Xml.Linq</c> is shown as XML text). A query runs where that class is loaded, so it is called by its name, and no reference to LINQPad is needed.
/// </summary>
internal static class LinqPad
{
    /// <summary>The value as HTML; anywhere but in LINQPad its <c>ToString()</c>.</summary>
    // Safe to trim: the name is a literal, and a trimmed program is not LINQPad, calls no ToDump and so loses this class and all behind it.
    public static object Show(object value) =>
        Type.GetType("LINQPad.Util, LINQPad.Runtime", throwOnError: false)?.GetMethod("RawHtml", [typeof(string)])?.Invoke(null, [ResultCard.Format(value)]) ?? value.ToString()!;
}
