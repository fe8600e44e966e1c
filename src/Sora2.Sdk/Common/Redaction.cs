using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.Common;

/// <summary>
/// Keeps secrets out of everything a person may read: relays echo keys and what they were sent, older builds put fragments of keys into their messages, and links are
/// signed in their query.
/// </summary>
internal static partial class Redaction
{
    private const string Mark = "***";

    /// <summary>The most of a text that anybody reads; a platform's answer may be megabytes.</summary>
    private const int MaxLength = 8192;

    /// <summary>A slash, which may have been escaped for JSON, and again for JSON within JSON. Bounded, so that a run of backslashes is not tried from each of them to its end.</summary>
    private const string Slash = @"(?:\\{0,8}/|\\{1,8}u002f)";

    private const string TwoSlashes = "(?:" + Slash + "){2}";

    /// <summary>A text without this key, and without anything that looks like one.</summary>
    public static string Mask(string text, string? key = null) =>
        KeyLike().Replace(string.IsNullOrEmpty(key) ? text : KeyEncodings.For(key).Mask(text, Mark), "sk-" + Mark);

    /// <summary>
    /// An answer without this key, so that nothing which is read from it has it. What would no longer be JSON stays as it came, as does one
    /// to a key that is a mere word.
    /// </summary>
    public static ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body, string key)
    {
        var forms = KeyEncodings.For(key);
        if (forms.IsWord || body.Length < KeyEncodings.ShortestPart)
        {
            return body;
        }

        // A byte a letter, whatever the charset: the key and all its forms are ASCII.
        var letters = ArrayPool<char>.Shared.Rent(body.Length);
        try
        {
            var text = letters.AsSpan(0, Encoding.Latin1.GetChars(body.Span, letters));
            if (!forms.AreIn(text))
            {
                return body;
            }

            ReadOnlyMemory<byte> masked = Encoding.Latin1.GetBytes(forms.Mask(text.ToString(), Mark));
            return IsJson(body) && !IsJson(masked) ? body : masked;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(letters);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        try
        {
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// Words that came from elsewhere, for a message, a log, a trace or <c>ToString()</c>: without keys, without the queries of addresses and without the content of images. Raw bodies, which are the
    /// platform's own words, only go through <see cref="Mask(string, string?)"/>.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Text(string? text, string? key = null) =>
        text is null ? null : LongBase64().Replace(DataUri().Replace(Query().Replace(UserInfo().Replace(Mask(text, key), "$1"), static url => url.Groups[2].Success ? $"{url.Groups[1].Value}?{Mark}" : url.Value), "$1" + Mark), Mark);

    /// <summary>An address without user, query and fragment: signatures live in the query.</summary>
    public static string WithoutQuery(Uri url) => url.IsAbsoluteUri ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : url.OriginalString.Split('?', '#')[0];

    /// <summary>The beginning of a text from elsewhere, as <see cref="Text"/> leaves it.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Excerpt(string? text) => Text(text?.Length > MaxLength ? text[..MaxLength] + "…" : text);

    // Up to the last @: whoever writes a password does not always escape one.
    [GeneratedRegex("(" + TwoSlashes + @")[^\s""<>/\\?#]*@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    // Of any scheme or none; a fragment as well; an apostrophe may be a part of either. The end may be missing, so that an address without it is read once and not again from each "//" in it.
    [GeneratedRegex("(" + TwoSlashes + @"[^\s""<>?#]+)([?#][^\s""<>]+)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Query();

    // The slash opens the second part: without that, a long word would be tried in every way to cut it in two. Base64 may go on in further lines.
    [GeneratedRegex(@"(data:[a-z0-9.+-]*(?:" + Slash + @"(?:[a-z0-9.+-]|\\{1,8}u002b)*)?(?:;[a-z0-9=.+-]*)*,)[^\s""'<>]+(?:\r?\n[a-z0-9+/]{20,}={0,2})*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DataUri();

    // No id, word or path is so long without a dot, a dash or a space.
    [GeneratedRegex(@"[A-Za-z0-9+/]{256,}={0,2}", RegexOptions.CultureInvariant)]
    private static partial Regex LongBase64();

    // Not \b: to it a Chinese letter before the key is a part of the word; written as \u724c it ends in what looks like one.
    [GeneratedRegex(@"(?:(?<![A-Za-z0-9])|(?<=\\u[0-9A-Fa-f]{4}))sk-[A-Za-z0-9_\-*.…]{3,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();
}
