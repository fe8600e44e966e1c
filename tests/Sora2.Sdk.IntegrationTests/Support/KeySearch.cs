using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Finds a key or a part of it, also encoded, in texts and in all that is readable of an object.</summary>
internal sealed partial class KeySearch(string key)
{
    private const int Part = 10;

    /// <summary>The key in the forms in which relays echo it.</summary>
    public IReadOnlyList<string> Echoes { get; } =
    [
        key, "Bearer " + key, key.ToUpperInvariant(), key[..14], key[^14..], Uri.EscapeDataString(key),
        string.Concat(key.Select(letter => $"%25{(int)letter:x2}")),
        string.Concat(key.Select(letter => $"&#{(int)letter};")), string.Concat(key.Select(letter => $"&amp;#x{(int)letter:x};")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("Bearer " + key)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).Replace('+', '-').Replace('/', '_'),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("ab" + key)), Convert.ToHexString(Encoding.UTF8.GetBytes(key)),
    ];

    /// <summary>All echoes as content of a JSON string, plain and escaped.</summary>
    public string JsonEchoes => string.Join(" ", Echoes)
        + " " + string.Concat(key.Select(letter => $"\\u{(int)letter:x4}"))
        + " " + string.Concat(key.Select(letter => $"\\\\u{(int)letter:x4}"));

    public bool IsIn(string? text)
    {
        for (var level = 0; text is not null && level < 6; level++)
        {
            if (Mentions(text))
            {
                return true;
            }

            var decoded = Uri.UnescapeDataString(WebUtility.HtmlDecode(text));
            text = Escape().Replace(decoded, static match => match.Groups[1].Success
                ? ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
                : match.Value[1..]);
        }

        return false;
    }

    /// <summary>Returns all texts of an object and of its properties.</summary>
    public static IEnumerable<string> TextsOf(object? value, int depth = 0)
    {
        switch (value)
        {
            case null:
                yield break;
            case string text:
                yield return text;
                yield break;
            case DictionaryEntry or Uri or HttpMethod or Enum or ValueType when value is not DictionaryEntry && value.GetType().IsPrimitive:
                yield return value.ToString()!;
                yield break;
        }

        yield return Safe(value.ToString) ?? "";
        if (depth > 4 || value is Type or MemberInfo or Delegate
            || (value.GetType().Namespace is { } space && (space.StartsWith("System.Reflection", StringComparison.Ordinal)
                || space.StartsWith("System.Threading", StringComparison.Ordinal))))
        {
            yield break;
        }

        if (value is IEnumerable items and not string)
        {
            foreach (var item in items.Cast<object?>().Take(1000).ToList())
            {
                foreach (var text in TextsOf(item, depth + 1))
                {
                    yield return text;
                }
            }
        }

        var properties = value.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike);
        foreach (var property in properties)
        {
            foreach (var text in TextsOf(Safe(() => property.GetValue(value)), depth + 1))
            {
                yield return text;
            }
        }

        if (value.GetType().Assembly == typeof(Sora2Client).Assembly
            && value.GetType().GetMethod("ToDump", BindingFlags.NonPublic | BindingFlags.Instance) is { } dump)
        {
            yield return dump.Invoke(value, null)?.ToString() ?? "";
        }
    }

    private static T? Safe<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            return null; // a value that cannot be read leaks nothing
        }
    }

    private bool Mentions(string text)
    {
        if (text.Contains(key[..Part], StringComparison.OrdinalIgnoreCase)
            || text.Contains(key[^Part..], StringComparison.OrdinalIgnoreCase)
            || text.Contains(Convert.ToHexString(Encoding.UTF8.GetBytes(key[..Part])), StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // Decoded as base64 from each of the four alignments.
        foreach (Match word in Base64().Matches(text))
        {
            for (var from = 0; from < 4; from++)
            {
                var letters = word.Value.Replace('-', '+').Replace('_', '/')[from..];
                var decoded = Encoding.Latin1.GetString(Convert.FromBase64String(letters[..(letters.Length / 4 * 4)]));
                if (decoded.Contains(key[..Part], StringComparison.Ordinal) || decoded.Contains(key[^Part..], StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})|\\[\\/""]")]
    private static partial Regex Escape();

    [GeneratedRegex("[A-Za-z0-9+/_-]{16,}")]
    private static partial Regex Base64();
}
