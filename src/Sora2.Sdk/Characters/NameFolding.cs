using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Characters;

/// <summary>
/// The form in which names are compared: without letter case, width and diacritics, with one space where there are several. Own tables, because the framework's
/// normalisation does nothing where <c>InvariantGlobalization</c> is on, and one name must not mean two things in two set-ups.
/// </summary>
internal static class NameFolding
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    /// <summary>The half-width forms U+FF61 to U+FF9F, in order. The last two are marks that follow their letter.</summary>
    private const string WideKatakana = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

    /// <summary>A letter, and then what it is with a diacritic; capitals, and small letters that have none.</summary>
    private static readonly string[] Families =
    [
        "AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦḀẠẢẤẦẨẪẬẮẰẲẴẶ",
        "BḂḄḆ",
        "CÇĆĈĊČḈ",
        "DĎḊḌḎḐḒĐ",
        "EÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆ",
        "FḞ",
        "GĜĞĠĢǦǴḠ",
        "HĤȞḢḤḦḨḪẖĦ",
        "IÌÍÎÏĨĪĬĮİǏȈȊḬḮỈỊ",
        "JĴǰ",
        "KĶǨḰḲḴ",
        "LĹĻĽḶḸḺḼŁ",
        "MḾṀṂ",
        "NÑŃŅŇǸṄṆṈṊ",
        "OÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢØǾ",
        "PṔṖ",
        "RŔŖŘȐȒṘṚṜṞ",
        "SŚŜŞŠȘṠṢṤṦṨ",
        "TŢŤȚṪṬṮṰẗ",
        "UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ",
        "VṼṾ",
        "WŴẀẂẄẆẈẘ",
        "XẊẌ",
        "YÝŶŸȲẎẙỲỴỶỸ",
        "ZŹŻŽẐẒẔ",
        "ÆǢǼ",
        "ƷǮ",
        "ΑΆ",
        "ΕΈ",
        "ΗΉ",
        "ΙΊΐΪ",
        "ΟΌ",
        "ΥΎΫΰ",
        "ΩΏ",
        "ІЇ",
        "АӐӒ",
        "ГЃ",
        "ЕЀЁӖ",
        "ЖӁӜ",
        "ЗӞ",
        "ИЍЙӢӤ",
        "КЌ",
        "ОӦ",
        "УЎӮӰӲ",
        "ЧӴ",
        "ЫӸ",
        "ЭӬ",
        "ѴѶ",
        "ӘӚ",
        "ӨӪ",
    ];

    private static readonly Dictionary<int, string> Letters = Table();

    /// <summary>A whole name, folded; empty if nothing of it can be seen.</summary>
    public static string Fold(string? name)
    {
        var folded = new StringBuilder();
        Append(folded, name);
        return folded.ToString().Trim();
    }

    /// <summary>Folds a piece of text onto what came before it.</summary>
    public static void Append(StringBuilder folded, ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Append(folded, rune);
        }
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        if (IsIgnored(rune.Value))
        {
            return;
        }

        if (rune.Value == '\t' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator)
        {
            folded.Append(folded is [.., ' '] ? "" : " ");
            return;
        }

        var capital = Rune.ToUpperInvariant(rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFF01 + '!') : rune);
        if (Letters.TryGetValue(capital.Value, out var plain))
        {
            folded.Append(plain);
        }
        else if (capital.Value is >= HangulFirst and <= HangulLast)
        {
            var syllable = capital.Value - HangulFirst; // Unicode's own arithmetic: 19 initials by 21 vowels by 28 finals
            folded.Append((char)(0x1100 + (syllable / 588))).Append((char)(0x1161 + (syllable % 588 / 28)));
            folded.Append(syllable % 28 == 0 ? "" : ((char)(0x11A7 + (syllable % 28))).ToString());
        }
        else
        {
            folded.Append(capital);
        }
    }

    /// <summary>Diacritics that stand alone (accents, Hebrew points, Arabic vowels), variation selectors, and characters that cannot be seen. Joiners stay: they make one emoji of two.</summary>
    private static bool IsIgnored(int rune) => rune is
        (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF)
        or (>= 0x0591 and <= 0x05BD) or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
        or (>= 0x0610 and <= 0x061A) or 0x0640 or (>= 0x064B and <= 0x065F) or 0x0670
        or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFE20 and <= 0xFE2F) or (>= 0xE0100 and <= 0xE01EF)
        or 0x00AD or 0x061C or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2069) or 0xFEFF;

    private static Dictionary<int, string> Table()
    {
        var table = new Dictionary<int, string> { ['ß'] = "SS", ['ẞ'] = "SS" };
        foreach (var family in Families)
        {
            foreach (var letter in family.AsSpan(1))
            {
                table[letter] = family[..1];
            }
        }

        for (var i = 0; i < WideKatakana.Length; i++)
        {
            table[0xFF61 + i] = WideKatakana[i].ToString();
        }

        const int toKatakana = 'ア' - 'あ';
        foreach (var plain in "うかきくけこさしすせそたちつてとはひふへほ")
        {
            var voiced = plain == 'う' ? 'ゔ' : (char)(plain + 1);
            table[voiced] = plain + "\u3099";
            table[voiced + toKatakana] = (char)(plain + toKatakana) + "\u3099";
        }

        foreach (var plain in "はひふへほ")
        {
            table[plain + 2] = plain + "\u309A";
            table[plain + 2 + toKatakana] = (char)(plain + toKatakana) + "\u309A";
        }

        return table;
    }
}
