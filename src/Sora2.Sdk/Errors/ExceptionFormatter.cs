using Sora2.Sdk.Common;

namespace Sora2.Sdk.Errors;

/// <summary>An exception as logs show it.</summary>
internal static class ExceptionFormatter
{
    /// <summary>What .NET writes of an exception, with a line of details under its message.</summary>
    public static string Format(Exception exception, string text, string details)
    {
        var head = $"{exception.GetType()}: {exception.Message}";
        // Causes are other people's exceptions, and nobody has read their words.
        return Redaction.Redact(text.StartsWith(head, StringComparison.Ordinal) ? text.Insert(head.Length, $"{Environment.NewLine}   ({details})") : $"{text}{Environment.NewLine}   ({details})");
    }
}
