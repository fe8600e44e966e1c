using System.Buffers;
using System.Text;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Recognises and compares the ids of tasks.</summary>
internal static class TaskIds
{
    /// <summary>Letters only and shorter than this is a word: no platform has such an id.</summary>
    private const int MinLettersOnlyLength = 16;

    private static readonly SearchValues<char> Zeros = SearchValues.Create("0-.+");
    private static readonly SearchValues<byte> IdEnds = SearchValues.Create("\"'\\<>{}[], \t\r\n"u8);
    private static readonly SearchValues<char> BareIdEnds = SearchValues.Create(" \t\r\n,;{}[]()（），。：/\\");
    private static readonly SearchValues<byte> Quotes = SearchValues.Create("\\\"' \t\r\n"u8);
    private static readonly string[] Placeholders = ["null", "none", "nil", "undefined", "nan", "unknown", "n/a", "true", "false"];
    private static readonly string[] RouteWords = ["videos", "video", "tasks", "task", "generations"];

    /// <summary>Returns whether a text can be an id: not a placeholder, not zero, and not lost in an address.</summary>
    public static bool IsId(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.AsSpan().IndexOfAnyExcept(Zeros) >= 0 && !(text[0] == '-' && IsNumber(text.AsSpan(1)))
        && !Array.Exists(Placeholders, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns whether a text in place of a task is its id: one word with a digit in it.</summary>
    public static bool IsBareId(string text) =>
        text.Length is >= 2 and <= 200 && IsId(text) && !text.Contains("://", StringComparison.Ordinal)
            && text.AsSpan().ContainsAnyInRange('0', '9') && text.AsSpan().IndexOfAny(BareIdEnds) < 0;

    /// <summary>Returns whether two ids are of one task; a model before the id (<c>sora-2:task_1</c>) is optional.</summary>
    /// <remarks>Source: Juxin, 2025-10.</remarks>
    public static bool IsSame(string queried, string received) =>
        queried.Equals(received, StringComparison.OrdinalIgnoreCase) || EndsWith(queried, received) || EndsWith(received, queried);

    /// <summary>Returns whether a response whose only id is the received one is about another task than the queried one.</summary>
    /// <remarks>
    /// An id of the same format (the same prefix, both UUIDs, both numbers of about the same length, both plain words) with another value
    /// names another task; so does a plain word of more than one letter. An id of another format is the upstream's own, which relays put
    /// in place of theirs: Ark's <c>cgt-…</c>, Kling's and other numbers under an id such as <c>task_…</c>, seen in clients of both
    /// platforms, 2026-08 to 2026-11.
    /// </remarks>
    public static bool IsAnother(string queried, string received) =>
        !IsSame(queried, received) && (IsWord(received) || Format(queried) == Format(received));

    /// <summary>Returns the id in the address of a created task, <c>/v1/videos/{id}</c>, or null.</summary>
    public static string? FromLocation(Uri? location)
    {
        var segments = location is null ? [] : (location.IsAbsoluteUri ? location.AbsolutePath
            : location.OriginalString.Split('?', '#')[0]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is [.., var parent, var last]
            && Array.Exists(RouteWords, word => word.Equals(parent, StringComparison.OrdinalIgnoreCase))
                && !Array.Exists(RouteWords, word => word.Equals(last, StringComparison.OrdinalIgnoreCase)))
        {
            var id = Uri.UnescapeDataString(last);
            return IsId(id) && id is not ("create" or "query" or "login") ? id : null;
        }

        return null;
    }

    /// <summary>Returns the first id in the bytes of a damaged response, by its field's name alone, or null.</summary>
    /// <remarks>Each byte is read a bounded number of times.</remarks>
    public static string? Scan(ReadOnlySpan<byte> text)
    {
        var seenId = (string?)null;
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOfAny("dD"u8);
            if (next < 0)
            {
                return seenId;
            }

            at += next + 1;
            if (at >= 3 && text[at - 2] is (byte)'i' or (byte)'I' && NameBefore(text[..at]) is { } field
                && ValueAfter(text[at..]) is { } id)
            {
                if (field == TaskField.TaskId)
                {
                    return id;
                }

                seenId ??= id;
            }
        }
    }

    private static TaskField? NameBefore(ReadOnlySpan<byte> text)
    {
        var name = text[^Math.Min(text.Length, 14)..];
        var quote = name.LastIndexOfAny("\"'"u8);
        return quote >= 0 && TaskFields.Find(name[(quote + 1)..]) is (TaskField.Id or TaskField.TaskId) and var field ? field : null;
    }

    private static string? ValueAfter(ReadOnlySpan<byte> text)
    {
        var rest = text[..Math.Min(text.Length, 1100)];
        var colon = rest[..Math.Min(rest.Length, 24)].IndexOf((byte)':');
        if (colon < 1 || rest[..colon].IndexOfAnyExcept(Quotes) >= 0)
        {
            return null;
        }

        rest = rest[(colon + 1)..];
        var start = rest.IndexOfAnyExcept(Quotes);
        if (start is < 0 or > 24 || rest[..start].IndexOfAny("\"'"u8) < 0)
        {
            return null;
        }

        rest = rest[start..];
        var end = rest.IndexOfAny(IdEnds);
        var id = end <= 0 ? null : Encoding.UTF8.GetString(rest[..end]);
        return IsId(id) ? id : null;
    }

    private static bool EndsWith(string text, string end) =>
        text.Length > end.Length + 1 && text.EndsWith(end, StringComparison.OrdinalIgnoreCase)
            && text[^(end.Length + 1)] is ':' or '/' or '|';

    private static string Format(string id)
    {
        var own = id.AsSpan(id.LastIndexOf(':') + 1);
        if (Guid.TryParse(own, out _))
        {
            return "uuid";
        }

        if (IsNumber(own))
        {
            return own.Length < 8 ? "number" : "number " + (own.Length / 4);
        }

        var end = own.IndexOfAny('_', '-');
        return end > 0 ? IsNumber(own[..end]) ? "number-" : own[..end].ToString().ToLowerInvariant() + "-"
            : IsLetters(own) ? "word"
            : "letters " + own.Length;
    }

    private static bool IsWord(string id) => id.Length is > 1 and < MinLettersOnlyLength && IsLetters(id);

    private static bool IsLetters(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetter(letter))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
