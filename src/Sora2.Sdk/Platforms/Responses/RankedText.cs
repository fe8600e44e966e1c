namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The best text offered for one value of a task. Texts of outer levels win, then those of the lower rank.</summary>
internal struct RankedText
{
    private int _order;

    public string? Text { get; private set; }

    public void Offer(string? text, int level, int rank)
    {
        var order = (level * 4096) + rank;
        if (text is not null && (Text is null || order < _order))
        {
            (Text, _order) = (text, order);
        }
    }
}
