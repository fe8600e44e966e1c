using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>
/// A text without one level of JSON, URL and HTML escapes, and where each of its characters starts in the original. Takes time in
/// proportion to the text.
/// </summary>
internal sealed class UnescapedText : IDisposable
{
    /// <summary>How many levels of escapes are removed; each relay on the way may add one.</summary>
    private const int MaxLevels = 6;
    private const int LongestEntity = 12;
    private static readonly SearchValues<char> EscapeStarts = SearchValues.Create("\\%&");

    private readonly char[] _text;
    private readonly int[] _starts;
    private readonly int _level;
    private int _length;

    /// <summary>Searches a text and adds what it finds; <paramref name="starts"/> is empty for the original text.</summary>
    public delegate void Finder(ReadOnlySpan<char> text, ReadOnlySpan<int> starts, ref RedactedRanges found);

    private UnescapedText(int capacity, int level) =>
        (_text, _starts, _level) = (ArrayPool<char>.Shared.Rent(capacity), ArrayPool<int>.Shared.Rent(capacity + 1), level);

    private ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>Where each character starts in the original, and one more for the end.</summary>
    private ReadOnlySpan<int> Starts => _starts.AsSpan(0, _length + 1);

    /// <summary>Searches a text as it is, and again without each level of its escapes.</summary>
    public static void FindAtEachLevel(ReadOnlySpan<char> text, Finder find, ref RedactedRanges found)
    {
        find(text, default, ref found);
        for (var level = Create(text, default, level: 1); level is not null;)
        {
            find(level.Text, level.Starts, ref found);
            var next = level.Next();
            level.Dispose();
            level = next;
        }
    }

    /// <summary>Removes one more level of escapes; null if there is none.</summary>
    private UnescapedText? Next() => _level < MaxLevels ? Create(Text, Starts, _level + 1) : null;

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_text);
        ArrayPool<int>.Shared.Return(_starts);
    }

    private static UnescapedText? Create(ReadOnlySpan<char> text, ReadOnlySpan<int> starts, int level)
    {
        if (!text.ContainsAny(EscapeStarts))
        {
            return null;
        }

        var unescaped = new UnescapedText(text.Length, level);
        var changed = false;
        Span<char> decoded = stackalloc char[2];
        for (var i = 0; i < text.Length;)
        {
            var (read, written) = EscapeStarts.Contains(text[i]) ? Decode(text[i..], decoded) : (0, 0);
            if (read == 0)
            {
                (read, written, decoded[0]) = (1, 1, text[i]);
            }
            else
            {
                changed = true;
            }

            foreach (var letter in decoded[..written])
            {
                unescaped._starts[unescaped._length] = starts.IsEmpty ? i : starts[i];
                unescaped._text[unescaped._length++] = letter;
            }

            i += read;
        }

        unescaped._starts[unescaped._length] = starts.IsEmpty ? text.Length : starts[text.Length];
        if (changed)
        {
            return unescaped;
        }

        unescaped.Dispose();
        return null;
    }

    /// <summary>Decodes an escape at the beginning of a text; 0 if there is none.</summary>
    private static (int Read, int Written) Decode(ReadOnlySpan<char> text, Span<char> to)
    {
        switch (text)
        {
            case ['\\', 'u' or 'U', ..] when text.Length >= 6
                && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                to[0] = (char)unit;
                return (6, 1);
            case ['\\', '\\' or '/' or '"' or '\'' or '&', ..]:
                to[0] = text[1];
                return (2, 1);
            case ['\\', 'n' or 'r' or 't', ..]:
                to[0] = ' ';
                return (2, 1);
            case ['%', ..]:
                return DecodePercent(text, to);
            case ['&', ..] when text[..Math.Min(text.Length, LongestEntity)].IndexOf(';') is > 1 and var end:
                var entity = WebUtility.HtmlDecode(text[..(end + 1)].ToString());
                if (entity.Length > 2 || entity[0] == '&' && entity.Length > 1)
                {
                    return default;
                }

                entity.CopyTo(to);
                return (end + 1, entity.Length);
            default:
                return default;
        }
    }

    private static (int Read, int Written) DecodePercent(ReadOnlySpan<char> text, Span<char> to)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        while (count < 4 && text.Length >= (count * 3) + 3 && text[count * 3] == '%'
            && byte.TryParse(
                text.Slice((count * 3) + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
        {
            count++;
        }

        return Rune.DecodeFromUtf8(bytes[..count], out var rune, out var used) == OperationStatus.Done
            ? (used * 3, rune.EncodeToUtf16(to))
            : default;
    }
}
