namespace Sora2.Sdk.Characters;

/// <summary>How many slips lie between two names: a letter too many, one too few, another one, or two that changed places.</summary>
internal static class NameDistance
{
    /// <summary>Longer names are compared as far as this.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The most slips with which a text still means a name of this length. Where a letter is a word, fewer letters tell names apart.
    /// </summary>
    public static int MostSlips(int length, bool isSpaced) => Math.Min(isSpaced ? length / 4 : length / 3, 3);

    /// <summary>The fewest slips between a name and a beginning of a text.</summary>
    /// <param name="name">The name, folded.</param>
    /// <param name="text">The text, folded; a few letters longer than the name.</param>
    /// <param name="mayEnd">Whether a beginning of this length is one: not in the middle of a word.</param>
    public static int OfBeginning(ReadOnlySpan<char> name, ReadOnlySpan<char> text, ReadOnlySpan<bool> mayEnd)
    {
        name = name[..Math.Min(name.Length, MaxLength)];
        var height = name.Length + 1;

        // Columns of the usual table: one for each letter of the text, and the two before it.
        Span<int> columns = stackalloc int[3 * (MaxLength + 1)];
        var before = columns[..height];
        var last = columns.Slice(height, height);
        var column = columns.Slice(2 * height, height);
        for (var i = 0; i < height; i++)
        {
            last[i] = i;
        }

        var fewest = int.MaxValue;
        for (var j = 1; j <= text.Length; j++)
        {
            column[0] = j;
            for (var i = 1; i < height; i++)
            {
                var slips = Math.Min(Math.Min(column[i - 1], last[i]) + 1, last[i - 1] + (name[i - 1] == text[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && name[i - 1] == text[j - 2] && name[i - 2] == text[j - 1])
                {
                    slips = Math.Min(slips, before[i - 2] + 1);
                }

                column[i] = slips;
            }

            if (mayEnd[j])
            {
                fewest = Math.Min(fewest, column[height - 1]);
            }

            var reused = before;
            before = last;
            last = column;
            column = reused;
        }

        return fewest;
    }
}
