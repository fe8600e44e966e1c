using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The texts of a response that may be the video's address.</summary>
internal struct VideoUrlCandidates
{
    private List<Candidate>? _candidates;

    public readonly bool IsEmpty => _candidates is null;

    public void Add(string text, int level, int priority) =>
        (_candidates ??= new List<Candidate>(2)).Add(new Candidate(text, level, priority));

    /// <summary>Returns whether there is one at a level or, if wanted, below it.</summary>
    public readonly bool HasAt(int level, bool orBelow)
    {
        if (_candidates is not null)
        {
            foreach (var candidate in _candidates)
            {
                if (candidate.Level == level || (orBelow && candidate.Level > level))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Returns the first address in the order of <see cref="VideoUrlPriority"/>, seen from the level of the task; outer levels come last.
    /// </summary>
    /// <param name="taskLevel">The level of the task.</param>
    /// <param name="api">The address against which paths are resolved.</param>
    public readonly Uri? Best(int taskLevel, Uri api)
    {
        if (_candidates is null)
        {
            return null;
        }

        Uri? best = null;
        var bestOrder = int.MaxValue;
        foreach (var candidate in _candidates)
        {
            var order = candidate.Level < taskLevel
                ? 100 + VideoUrlPriority.Order(candidate.Priority, 0)
                : VideoUrlPriority.Order(candidate.Priority, candidate.Level - taskLevel);
            if (order >= bestOrder || LenientValues.Url(candidate.Text, api) is not { } url)
            {
                continue;
            }

            // A path counts if there is no address. An address that is not http is only shown, never fetched, and comes last.
            order += !UriExtensions.IsHttp(url) ? 10_000 : !candidate.Text.Contains("://", StringComparison.Ordinal) ? 1000 : 0;
            if (order < bestOrder)
            {
                (best, bestOrder) = (url, order);
            }
        }

        return best;
    }

    private readonly record struct Candidate(string Text, int Level, int Priority);
}
