namespace Sora2.Sdk.Characters;

/// <summary>The edit distance between a misspelt mention and a name: letters added, left out, replaced, or two of them swapped.</summary>
internal static class NameDistance
{
    /// <summary>Longer names are compared up to here.</summary>
    public const int MaxLength = 64;

    /// <summary>The most edits of a name of any length.</summary>
    public const int MaxEdits = 3;

    /// <summary>Returns the fewest edits between a name and a beginning of a text; null if they are too many to mean that name.</summary>
    /// <param name="name">The name, folded.</param>
    /// <param name="text">The text, folded.</param>
    /// <param name="mayEnd">Whether a beginning of this length may be a name.</param>
    public static int? ToPrefix(ReadOnlySpan<char> name, ReadOnlySpan<char> text, ReadOnlySpan<bool> mayEnd)
    {
        name = name[..Math.Min(name.Length, MaxLength)];

        // One edit in four letters of an alphabet, in three from U+2E80 on, where a letter is a syllable, a word or an emoji.
        var most = Math.Min(name.Length / (name[0] < '\u2E80' ? 4 : 3), MaxEdits);
        text = text[..Math.Min(text.Length, name.Length + most)];
        if (most == 0 || text.Length < name.Length - most)
        {
            return null;
        }

        var width = name.Length + 1;
        Span<int> edits = stackalloc int[(MaxLength + 1) * (MaxLength + MaxEdits + 1)]; // a row for each letter of the text
        var fewest = int.MaxValue;
        for (var row = 0; row <= text.Length; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var cell = (row * width) + column;
                if (row == 0 || column == 0)
                {
                    edits[cell] = row + column;
                    continue;
                }

                var replaced = edits[cell - width - 1] + (name[column - 1] == text[row - 1] ? 0 : 1);
                edits[cell] = Math.Min(replaced, Math.Min(edits[cell - 1], edits[cell - width]) + 1);
                if (row > 1 && column > 1 && name[column - 1] == text[row - 2] && name[column - 2] == text[row - 1])
                {
                    edits[cell] = Math.Min(edits[cell], edits[cell - (2 * width) - 2] + 1);
                }
            }

            if (mayEnd[row])
            {
                fewest = Math.Min(fewest, edits[(row * width) + width - 1]);
            }
        }

        return fewest <= most ? fewest : null;
    }
}
