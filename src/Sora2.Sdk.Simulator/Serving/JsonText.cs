using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>Repairs JSON that is not valid Unicode: invalid characters become U+FFFD, as in Go's reader, which the platforms use.</summary>
internal static class JsonText
{
    private const int EscapeBytes = 6;

    /// <summary>Returns the repaired text, or the same memory when it was valid.</summary>
    public static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json) =>
        WithoutHalfSurrogates(Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span)));

    private static ReadOnlyMemory<byte> WithoutHalfSurrogates(ReadOnlyMemory<byte> json)
    {
        var text = json.Span;
        byte[]? repaired = null;
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (UnitAt(text, at) is not { } unit)
            {
                at += 2;
            }
            else if (char.IsHighSurrogate(unit) && UnitAt(text, at + EscapeBytes) is { } second && char.IsLowSurrogate(second))
            {
                at += 2 * EscapeBytes;
            }
            else
            {
                if (char.IsSurrogate(unit))
                {
                    repaired ??= json.ToArray();
                    @"\ufffd"u8.CopyTo(repaired.AsSpan(at));
                }

                at += EscapeBytes;
            }
        }

        return repaired ?? json;
    }

    /// <summary>Returns the UTF-16 unit of an escape such as <c>\ud83d</c>; null when there is none at that position.</summary>
    private static char? UnitAt(ReadOnlySpan<byte> text, int at) =>
        text.Length >= at + EscapeBytes
        && text[at..].StartsWith(@"\u"u8)
        && ushort.TryParse(text.Slice(at + 2, EscapeBytes - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
