using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The status words of a response by level: 0 is the outermost object, each task inside it is one deeper.</summary>
internal struct TaskLevels
{
    public const int Max = 6;

    private Levels _levels;

    /// <summary>What is known of a level besides its status.</summary>
    [Flags]
    public enum Marks : byte
    {
        None = 0,
        HasId = 1,
        HasReason = 2,

        /// <summary>The progress is 100 %.</summary>
        IsFull = 4,

        /// <summary>The status comes from the field <c>task_status</c>.</summary>
        HasTaskStatus = 8,
    }

    public readonly string? StatusWord(int level) => _levels[level].StatusWord;

    public readonly bool Has(int level, Marks marks) => (_levels[level].Marks & marks) != Marks.None;

    public void Mark(int level, Marks marks) => _levels[level].Marks |= marks;

    /// <summary>Offers a status word.</summary>
    /// <remarks>
    /// Of several at one level a known word wins, then that of <c>task_status</c> (Kling and others), then that of <c>status</c>.
    /// </remarks>
    public void OfferStatus(int level, TaskField field, string word)
    {
        ref var state = ref _levels[level];
        var isKnown = StatusWords.Parse(word) != VideoTaskStatus.Unknown;
        var wasKnown = state.StatusWord is not null && StatusWords.Parse(state.StatusWord) != VideoTaskStatus.Unknown;
        var isTaskStatus = field == TaskField.TaskStatus;
        if (state.StatusWord is null || (isKnown && !wasKnown) || (isKnown == wasKnown
            && (field == TaskField.Status || isTaskStatus) && !Has(level, Marks.HasTaskStatus)))
        {
            state.StatusWord = word;
            Mark(level, isTaskStatus ? Marks.HasTaskStatus : Marks.None);
        }
    }

    /// <summary>
    /// Returns the level whose status word counts: the outermost failure, else the outermost success that has a URL or 100 %, else the
    /// innermost known word, else the innermost word.
    /// </summary>
    /// <remarks>
    /// The outer object is the relay's own record and newer than the copy of the upstream's response in it, so that its final status wins
    /// over a running one inside (new-api's sweep of timed-out tasks and its bulk update write such records, seen 2026-11). But an outer
    /// success alone may only mean that the call succeeded, and an inner <c>error</c> only counts beside an id or a reason.
    /// </remarks>
    public readonly int? FindTask(VideoUrlCandidates urls)
    {
        int? failed = null, done = null, known = null, other = null;
        for (var level = 0; level < Max; level++)
        {
            if (_levels[level].StatusWord is not { } word)
            {
                continue;
            }

            other = level;
            switch (StatusWords.Parse(word))
            {
                case VideoTaskStatus.Unknown:
                    continue;
                case VideoTaskStatus.Failed:
                    if (level > 0 && word.Equals("error", StringComparison.OrdinalIgnoreCase) && known is not null
                        && !Has(level, Marks.HasId | Marks.HasReason))
                    {
                        continue;
                    }

                    failed ??= level;
                    break;
                case VideoTaskStatus.Succeeded when Has(level, Marks.IsFull) || HasUrl(level, urls):
                    done ??= level;
                    break;
            }

            known = level;
        }

        return failed is { } end ? done < end && HasUrl(done.Value, urls) ? done : failed : done ?? known ?? other;
    }

    private readonly bool HasUrl(int level, VideoUrlCandidates urls) => urls.HasAt(level, orBelow: Has(level, Marks.HasId));

    private struct LevelState
    {
        public string? StatusWord;
        public Marks Marks;
    }

    [InlineArray(Max)]
    private struct Levels
    {
#pragma warning disable IDE0044, IDE0051 // the first element of the inline array
        private LevelState _first;
#pragma warning restore IDE0044, IDE0051
    }
}
