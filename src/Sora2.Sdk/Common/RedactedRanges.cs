using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>The places of a text that nobody is to read.</summary>
internal struct RedactedRanges
{
    private List<(int From, int To)>? _ranges;

    public readonly bool IsEmpty => _ranges is null;

    /// <summary>Adds a place of a text, of which each character stands where <paramref name="starts"/> says; empty for the text itself.</summary>
    public void Add(int from, int to, ReadOnlySpan<int> starts) => Add(starts.IsEmpty ? from : starts[from], starts.IsEmpty ? to : starts[to]);

    private void Add(int from, int to)
    {
        if (_ranges is [.., var last] && last.From <= from && from <= last.To)
        {
            _ranges[^1] = (last.From, Math.Max(last.To, to)); // the next letter of the same secret, as a rule
        }
        else
        {
            (_ranges ??= []).Add((from, to));
        }
    }

    /// <summary>The text with a mark in place of each.</summary>
    public readonly string In(string text, string mark)
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
