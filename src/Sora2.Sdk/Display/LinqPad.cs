namespace Sora2.Sdk.Display;

/// <summary>Shows results in LINQPad.</summary>
/// <remarks>
/// LINQPad calls <c>object ToDump()</c>, public or not, on a dumped value and shows what it returns. Only its own <c>Util.RawHtml</c> shows
/// HTML (an element of <c>System.Xml.Linq</c> is shown as XML text). A query runs where that class is loaded, so it is called by its name,
/// and no reference to LINQPad is needed.
/// </remarks>
internal static class LinqPad
{
    /// <summary>Returns the value as HTML, or outside LINQPad its <c>ToString()</c>.</summary>
    // Safe to trim: the name is a literal, and a trimmed program is not LINQPad, so that it calls no ToDump and loses this class.
    public static object Show(object value) =>
        Type.GetType("LINQPad.Util, LINQPad.Runtime", throwOnError: false)
            ?.GetMethod("RawHtml", [typeof(string)])
            ?.Invoke(null, [ResultCard.Format(value)])
        ?? value.ToString()!;
}
