using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Reads the tokens of JSON with the errors that relays make.</summary>
/// <remarks>
/// It accepts raw line breaks in a string, <c>NaN</c>, extra commas, single quotes, bytes that are not UTF-8 and any depth. It never
/// throws, never goes back, and reports whether the text was damaged, so that the caller can decide what a damaged response proves.
/// </remarks>
internal ref struct LenientJson(ReadOnlySpan<byte> json)
{
    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t\r\n,:{}[]\""u8);

    private readonly ReadOnlySpan<byte> _json = json;
    private ReadOnlySpan<byte> _value;
    private bool _hasEscapes;
    private bool _needsComma;
    private int _at;

    /// <summary>The number of bytes read.</summary>
    public readonly int Position => _at;

    /// <summary>Whether there is an error other than those that leave the meaning of the rest clear.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>The value or name without its quotes and with its escapes.</summary>
    public readonly ReadOnlySpan<byte> Value => _value;

    /// <summary>Whether the last bracket is that of a list.</summary>
    public bool IsList { get; private set; }

    /// <summary>Reads the next token.</summary>
    public LenientToken Read()
    {
        while (_at < _json.Length)
        {
            var letter = _json[_at];
            switch (letter)
            {
                case (byte)',':
                    _needsComma = false;
                    _at++;
                    continue;
                case <= (byte)' ':
                    _at++;
                    continue;
                case (byte)':':
                    IsDamaged = true;
                    _at++;
                    continue;
                case (byte)'{' or (byte)'[':
                    BeginValue();
                    _needsComma = false;
                    IsList = letter == '[';
                    _at++;
                    return LenientToken.Open;
                case (byte)'}' or (byte)']':
                    _needsComma = true;
                    IsList = letter == ']';
                    _at++;
                    return LenientToken.Close;
                case (byte)'"' or (byte)'\'':
                    BeginValue();
                    ReadQuoted(letter);
                    return TryReadColon() ? LenientToken.Name : LenientToken.Text;
                default:
                    BeginValue();
                    return ReadWord();
            }
        }

        return LenientToken.End;
    }

    /// <summary>Returns the value as trimmed text, or null if it is blank. Bytes that are not UTF-8 become U+FFFD.</summary>
    public readonly string? GetText()
    {
        var value = _value.Trim(" \t\r\n"u8);
        if (value.IsEmpty)
        {
            return null;
        }

        var text = _hasEscapes ? Unescaped(Encoding.UTF8.GetString(value)) : Encoding.UTF8.GetString(value);
        text = text.Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Whether the value is a string that contains JSON.</summary>
    public readonly bool HasNestedJson
    {
        get
        {
            var value = _value;
            while (true)
            {
                value = value.TrimStart(" \t\r\n"u8);
                if (value.StartsWith("\\n"u8) || value.StartsWith("\\r"u8) || value.StartsWith("\\t"u8))
                {
                    value = value[2..];
                    continue;
                }

                return value.Length > 1 && (value[0] is (byte)'{' or (byte)'[' || value.StartsWith("\\\""u8) || IsEscaped(value));
            }
        }
    }

    // A quote, a brace or a bracket in the escapes for HTML of .NET and others.
    private static bool IsEscaped(ReadOnlySpan<byte> value) =>
        value.StartsWith("\\u0022"u8) || value.StartsWith("\\u007b"u8) || value.StartsWith("\\u007B"u8) || value.StartsWith("\\u005b"u8)
            || value.StartsWith("\\u005B"u8);

    private void BeginValue()
    {
        IsDamaged |= _needsComma;
        _needsComma = true;
    }

    private void ReadQuoted(byte quote)
    {
        var start = ++_at;
        _hasEscapes = false;
        while (true)
        {
            var next = _at < _json.Length ? _json[_at..].IndexOfAny(quote, (byte)'\\') : -1;
            if (next < 0)
            {
                IsDamaged = true;
                _at = _json.Length;
                _value = _json[start..];
                return;
            }

            _at += next;
            if (_json[_at] == quote)
            {
                _value = _json[start.._at];
                _at++;
                return;
            }

            _hasEscapes = true;
            _at = Math.Min(_at + 2, _json.Length);
        }
    }

    private LenientToken ReadWord()
    {
        var length = _json[_at..].IndexOfAny(WordEnds);
        _value = length < 0 ? _json[_at..] : _json.Slice(_at, length);
        _hasEscapes = false;
        _at += _value.Length;
        if (TryReadColon())
        {
            IsDamaged = true;
            return LenientToken.Name;
        }

        if (_value[0] is (byte)'-' or (byte)'+' or (byte)'.' or (>= (byte)'0' and <= (byte)'9')
            && double.TryParse(_value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return LenientToken.Number;
        }

        IsDamaged |= !IsKnownWord(_value);
        return LenientToken.Word;
    }

    // Python and JavaScript write these. A number that overflows is still a number.
    private static bool IsKnownWord(ReadOnlySpan<byte> word) =>
        word is [(byte)'-' or (byte)'+' or (>= (byte)'0' and <= (byte)'9'), ..]
        || word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8) || word.SequenceEqual("NaN"u8)
            || word.SequenceEqual("Infinity"u8)
        || word.SequenceEqual("undefined"u8) || word.SequenceEqual("None"u8) || word.SequenceEqual("True"u8)
            || word.SequenceEqual("False"u8) || word.SequenceEqual("nan"u8);

    /// <summary>Returns whether a colon follows, and reads it.</summary>
    private bool TryReadColon()
    {
        var at = _at;
        while (at < _json.Length && _json[at] <= ' ')
        {
            at++;
        }

        if (at == _json.Length || _json[at] != ':')
        {
            // Each blank is read once.
            _at = at;
            return false;
        }

        _at = at + 1;
        _needsComma = false;
        return true;
    }

    private static string Unescaped(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            var letter = text[++i];
            if (letter == 'u' && i + 4 < text.Length
                && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                result.Append((char)code);
                i += 4;
            }
            else
            {
                result.Append(letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => letter });
            }
        }

        // Half a surrogate pair is not valid text: an encoder to UTF-8 would throw later.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(result.ToString()));
    }
}
