using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>The ranges of a text that have to be redacted.</summary>
internal struct RedactedRanges
{
    private List<(int From, int To)>? _ranges;

    public readonly bool IsEmpty => _ranges is null;

    /// <summary>Adds a range.</summary>
    /// <param name="from">The first character.</param>
    /// <param name="to">The character after the last one.</param>
    /// <param name="starts">Where each character starts in the original text; empty if the range is of the original.</param>
    public void Add(int from, int to, ReadOnlySpan<int> starts) =>
        Add(starts.IsEmpty ? from : starts[from], starts.IsEmpty ? to : starts[to]);

    private void Add(int from, int to)
    {
        if (_ranges is [.., var last] && last.From <= from && from <= last.To)
        {
            _ranges[^1] = (last.From, Math.Max(last.To, to)); // Usually the next character of the same secret.
        }
        else
        {
            (_ranges ??= []).Add((from, to));
        }
    }

    /// <summary>Replaces each range by a mark.</summary>
    public readonly string Apply(string text, string mark)
    {
        if (_ranges is null)
        {
            return text;
        }

        _ranges.Sort();
        var shown = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (from, to) in _ranges)
        {
            if (from >= at && (from > at || at == 0))
            {
                shown.Append(text, at, from - at).Append(mark);
            }

            at = Math.Max(at, to);
        }

        return shown.Append(text, at, text.Length - at).ToString();
    }
}
