namespace LINQPad;

public static class Util
{
    /// <summary>Asks, or takes it from the password manager.</summary>
    public static string GetPassword(string name) => Session.Current.Answer(name);

    public static string ReadLine(string prompt) => ReadLine(prompt, "");

    public static string ReadLine(string prompt, string defaultValue) => Session.Current.Answer(prompt) is { Length: > 0 } answer ? answer : defaultValue;

    /// <summary>What is shown as HTML rather than as text.</summary>
    public static object RawHtml(string html) => new Html(html);
}
