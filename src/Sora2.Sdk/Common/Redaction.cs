using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.Common;

/// <summary>Redacts secrets in everything that a person may read.</summary>
/// <remarks>
/// Relays echo keys and requests, older versions of them put parts of keys into messages, and the query of a link is a signature.
/// </remarks>
internal static partial class Redaction
{
    private const string Mark = "***";

    /// <summary>The longest excerpt; a response may have megabytes.</summary>
    private const int MaxLength = 8192;

    /// <summary>A slash, possibly escaped for JSON, and again for JSON within JSON.</summary>
    /// <remarks>Bounded, so that a long run of backslashes takes no quadratic time.</remarks>
    private const string Slash = @"(?:\\{0,8}/|\\{1,8}u002f)";

    private const string TwoSlashes = "(?:" + Slash + "){2}";

    /// <summary>Redacts this key in a text, and anything that looks like a key.</summary>
    public static string Mask(string text, string? key = null) =>
        KeyLike().Replace(string.IsNullOrEmpty(key) ? text : KeyEncodings.For(key).Mask(text, Mark), "sk-" + Mark);

    /// <summary>Redacts this key in a response body, so that nothing that is read from it contains the key.</summary>
    /// <remarks>A body that would no longer be JSON is unchanged, and so is every body if the key is a common word.</remarks>
    public static ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body, string key)
    {
        var forms = KeyEncodings.For(key);
        if (forms.IsWord || body.Length < KeyEncodings.ShortestPart)
        {
            return body;
        }

        // One character per byte, whatever the charset: the key and all its encodings are ASCII.
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

    /// <summary>Redacts keys, the queries of URLs and the content of images in a text.</summary>
    /// <remarks>
    /// For messages, logs, traces and <c>ToString()</c>. In raw bodies only keys are redacted, by <see cref="Mask(string, string?)"/>.
    /// </remarks>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Redact(string? text, string? key = null)
    {
        if (text is null)
        {
            return null;
        }

        text = UserInfo().Replace(Mask(text, key), "$1");
        text = Query().Replace(text, static url => url.Groups[2].Success ? $"{url.Groups[1].Value}?{Mark}" : url.Value);
        text = DataUri().Replace(text, "$1" + Mark);
        return LongBase64().Replace(text, Mark);
    }

    /// <summary>Returns a URL without user, query and fragment, as the query may be a signature.</summary>
    public static string WithoutQuery(Uri url) => url.IsAbsoluteUri
        ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : url.OriginalString.Split('?', '#')[0];

    /// <summary>Redacts the beginning of a text like <see cref="Redact"/>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Excerpt(string? text) => Redact(text?.Length > MaxLength ? text[..MaxLength] + "…" : text);

    // Up to the last @, which is not always escaped in a password.
    [GeneratedRegex("(" + TwoSlashes + @")[^\s""<>/\\?#]*@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    // Any scheme or none; fragments as well; both may contain an apostrophe. The last group is optional, so that a URL without a query is
    // matched once, and not again from each "//" in it.
    [GeneratedRegex("(" + TwoSlashes + @"[^\s""<>?#]+)([?#][^\s""<>]+)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Query();

    // The slash starts the second part: without it, a long word could be split everywhere. Base64 may continue on further lines.
    [GeneratedRegex(
        "(data:[a-z0-9.+-]*(?:" + Slash + @"(?:[a-z0-9.+-]|\\{1,8}u002b)*)?(?:;[a-z0-9=.+-]*)*,)"
            + @"[^\s""'<>]+(?:\r?\n[a-z0-9+/]{20,}={0,2})*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DataUri();

    // No id, word or path is this long without a dot, a dash or a space.
    [GeneratedRegex(@"[A-Za-z0-9+/]{256,}={0,2}", RegexOptions.CultureInvariant)]
    private static partial Regex LongBase64();

    // Not \b, for which a Chinese character before the key is part of the word; escaped as \u724c, that ends in a letter.
    [GeneratedRegex(
        @"(?:(?<![A-Za-z0-9])|(?<=\\u[0-9A-Fa-f]{4}))sk-[A-Za-z0-9_\-*.…]{3,}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();
}
