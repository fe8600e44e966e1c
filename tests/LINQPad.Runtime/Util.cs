namespace LINQPad;

public static class Util
{
    /// <summary>Prompts for a password, or reads it from the password manager.</summary>
    public static string GetPassword(string name) => Session.Current.Reply(name);

    public static string ReadLine(string prompt) => ReadLine(prompt, "");

    public static string ReadLine(string prompt, string defaultValue) =>
        Session.Current.Reply(prompt) is { Length: > 0 } reply ? reply : defaultValue;

    /// <summary>Returns a value that is shown as HTML.</summary>
    public static object RawHtml(string html) => new Html(html);
}
