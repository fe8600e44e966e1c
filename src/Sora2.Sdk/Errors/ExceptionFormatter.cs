using Sora2.Sdk.Common;

namespace Sora2.Sdk.Errors;

/// <summary>Formats an exception for logs.</summary>
internal static class ExceptionFormatter
{
    /// <summary>Returns .NET's text of an exception with a line of details under its message.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="text">What <see cref="Exception.ToString"/> returns for it.</param>
    /// <param name="details">The details.</param>
    public static string Format(Exception exception, string text, string details)
    {
        var head = $"{exception.GetType()}: {exception.Message}";
        var line = $"{Environment.NewLine}   ({details})";
        // Redacted as a whole: the causes come from other libraries, whose messages may contain secrets.
        return Redaction.Redact(text.StartsWith(head, StringComparison.Ordinal) ? text.Insert(head.Length, line) : text + line);
    }
}
