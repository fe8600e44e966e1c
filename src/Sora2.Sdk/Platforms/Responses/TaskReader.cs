using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>
/// Reads a task from any answer that a relay has been seen to give, in one pass over the bytes. Values are offered with a rank; the best
/// rank wins wherever it stands in the answer. An object under
/// <c>data</c>, <c>task</c>, <c>result</c>, <c>output</c> or <c>response</c> counts as one level deeper; of a list of tasks the first
/// counts. Never throws.
/// </summary>
internal sealed class TaskReader
{
    private const int MaxLevels = 6;

    /// <summary>Brackets within brackets that are told apart; what is deeper is passed over.</summary>
    private const int MaxDepth = 192;

    /// <summary>JSON within a text within JSON …: each level is a pass over its own text.</summary>
    private const int MaxTexts = 8;

    /// <summary>Added to the rank of a text that other answers use for other things too.</summary>
    private const int Generic = 1000;

    private readonly string? _askedId;
    private readonly bool _isPaid;
    private Levels _levels;
    private List<Address>? _urls;
    private Found _id;
    private Found _otherId;
    private Found _progress;
    private Found _reason;
    private Found _code;
    private Found _model;
    private Found _thumbnail;
    private Found _lastFrame;
    private Found _created;
    private Found _started;
    private Found _completed;
    private Found _updated;
    private double? _share;
    private string? _requestId;
    private string? _bareId;
    private string? _filterReason;
    private List<string>? _looseIds;
    private bool _hasBadCode;
    private bool _hasOddCode;
    private bool _isVideoObject;
    private bool _hasData;
    private int _texts;

    /// <param name="askedId">The task that was asked for, or null.</param>
    /// <param name="isPaid">Whether an id that stands anywhere in the answer matters.</param>
    public TaskReader(string? askedId, bool isPaid) => (_askedId, _isPaid) = (askedId, isPaid);

    /// <summary>Which fields of an object matter.</summary>
    private enum Part : byte
    {
        /// <summary>None.</summary>
        Ignored,

        /// <summary>A task's, or those of the envelope around it.</summary>
        Task,

        /// <summary>A task's, in <c>output</c>.</summary>
        Output,

        /// <summary>A task's, in <c>result</c> or <c>response</c>.</summary>
        Result,

        Detail,
        PendingInfo,
        DraftInfo,
        Error,
        BaseResponse,

        /// <summary>Addresses of one rank.</summary>
        Links,

        /// <summary>An object that nobody knows, or JSON that an error quotes: an id may be in it.</summary>
        Loose,
    }

    [Flags]
    private enum Marks : byte
    {
        None = 0,
        Id = 1,
        Reason = 2,
        Full = 4,
        TaskStatus = 8,
    }

    /// <summary>Whether an object was read at all.</summary>
    public bool HasObject { get; private set; }

    /// <summary>Whether the answer came to its end.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether it is neither JSON nor one of the slips that leave no doubt.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Whether the answer carries an id field that says nothing: with an error word, that is how a refusal looks.</summary>
    public bool HasBlankId { get; private set; }

    /// <summary>Whether an id in the answer is the one that was asked for.</summary>
    public bool NamesAskedTask { get; private set; }

    /// <summary>Whether a field is there that only a task has.</summary>
    public bool HasTaskFields { get; private set; }

    /// <summary>Whether a field that tells of an error says something.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether there is a text that an envelope has for the person who reads it.</summary>
    public bool HasMessage { get; private set; }

    /// <summary>Whether it is said that the call failed: by an error, by a code, or by <c>"success": false</c>.</summary>
    public bool ReportsError => HasError || _hasBadCode || (_hasOddCode && HasMessage);

    /// <summary>Whether there is anything that an error could be described with.</summary>
    public bool HasErrorText => HasError || HasMessage || _hasBadCode || _hasOddCode;

    /// <summary>Whether it goes deeper than is read.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>The id that the answer gives as the task's.</summary>
    public string? Id => _id.Text;

    /// <summary>The id of the task that a create made, in the order in which names and places are to be trusted.</summary>
    public string? CreatedId => _id.Text ?? _otherId.Text
        ?? (ReportsError || Status == VideoTaskStatus.Failed ? null : _bareId ?? (HasMessage ? null : _requestId));

    /// <summary>The platform's word, of the level that counts.</summary>
    public string? RawStatus => TaskLevel is { } level ? _levels[level].Word : null;

    /// <summary>How far the task is, by <see cref="RawStatus"/> and by what stands in place of a video.</summary>
    public VideoTaskStatus Status
    {
        get
        {
            var status = StatusWords.Read(RawStatus);
            return IsFiltered && status is VideoTaskStatus.Succeeded or VideoTaskStatus.Unknown ? VideoTaskStatus.Failed : status;
        }
    }

    public double? Progress => LenientValues.Percent(_progress.Text) ?? _share;

    /// <summary>What the platform says of a failure, or of a task that it could not look at.</summary>
    public string? Reason => IsFiltered ? _filterReason : _reason.Text ?? _code.Text;

    /// <summary>The platform's code for a failure.</summary>
    public string? FailureCode => IsFiltered ? "moderation" : _code.Text;

    public string? Model => _model.Text;

    /// <summary>
    /// Whether it is OpenAI's video object, or the same as newer relays write it flat: then the video is to be had by its id. Source:
    /// new-api, 2026-09.
    /// </summary>
    public bool IsVideoObject => _isVideoObject || (!_hasData && Id is not null && _completed.Text is not null && Progress >= 100);

    public Uri? ThumbnailUrl(Uri api) => LenientValues.Url(_thumbnail.Text, api);

    public Uri? LastFrameUrl(Uri api) => LenientValues.Url(_lastFrame.Text, api);

    public DateTimeOffset? CreatedAt => LenientValues.Time(_created.Text);

    public DateTimeOffset? StartedAt => LenientValues.Time(_started.Text);

    public DateTimeOffset? CompletedAt => LenientValues.Time(_completed.Text);

    public DateTimeOffset? UpdatedAt => LenientValues.Time(_updated.Text);

    /// <summary>Google's filter took the video away and said why.</summary>
    private bool IsFiltered => _filterReason is not null && _urls is null;

    /// <summary>
    /// The first address, in the order of <see cref="VideoUrlPriority"/> as seen from the level that is the task; outer levels come last.
    /// </summary>
    /// <param name="api">What a path is resolved against.</param>
    public Uri? VideoUrl(Uri api)
    {
        if (_urls is null)
        {
            return null;
        }

        var task = TaskLevel ?? 0;
        Uri? best = null;
        var bestRank = int.MaxValue;
        foreach (var found in _urls)
        {
            var rank = found.Level < task ? 100 + VideoUrlPriority.Get(found.Rank, 0) : VideoUrlPriority.Get(found.Rank, found.Level - task);
            if (rank >= bestRank || LenientValues.Url(found.Text, api) is not { } url)
            {
                continue;
            }

            // A path counts if there is no address; what is no web address is shown if there is nothing better, never fetched.
            rank += !UriExtensions.IsHttp(url) ? 10_000 : !found.Text.Contains("://", StringComparison.Ordinal) ? 1000 : 0;
            if (rank < bestRank)
            {
                (best, bestRank) = (url, rank);
            }
        }

        return best;
    }

    /// <summary>Reads one document.</summary>
    /// <param name="json">The text, from the document's first bracket or quote on.</param>
    /// <param name="isPage">Whether it stands in a web page, where an object need not be an answer.</param>
    /// <returns>How many bytes it takes.</returns>
    public int Read(ReadOnlySpan<byte> json, bool isPage = false)
    {
        var reader = new LenientJson(json);
        IsWhole = Walk(ref reader, new Frame { Part = isPage ? Part.Loose : Part.Task });
        IsDamaged = reader.IsDamaged;
        return reader.Position;
    }

    /// <summary>
    /// The level whose word counts: the outermost failure, else the outermost success that has a link or 100 %, else the innermost word
    /// that is known, else the innermost.
    /// </summary>
    /// <remarks>
    /// The outer row is the relay's own and newer than the copy of the upstream's answer in it, so its final word goes before a running one
    /// below (new-api's sweep of timed-out tasks and its bulk update
    /// write such rows, seen 2026-11). But an outer success alone may only mean that the call went well, and an inner <c>error</c> only
    /// counts beside an id or a reason.
    /// </remarks>
    private int? TaskLevel
    {
        get
        {
            int? failed = null, done = null, known = null, other = null;
            for (var level = 0; level < MaxLevels; level++)
            {
                if (_levels[level].Word is not { } word)
                {
                    continue;
                }

                other = level;
                switch (StatusWords.Read(word))
                {
                    case VideoTaskStatus.Unknown:
                        continue;
                    case VideoTaskStatus.Failed:
                        if (level > 0 && word.Equals("error", StringComparison.OrdinalIgnoreCase) && known is not null
                            && !Has(level, Marks.Id | Marks.Reason))
                        {
                            continue;
                        }

                        failed ??= level;
                        break;
                    case VideoTaskStatus.Succeeded when Has(level, Marks.Full) || HasLink(level):
                        done ??= level;
                        break;
                }

                known = level;
            }

            return failed is { } end ? done < end && HasLink(done.Value) ? done : failed : done ?? known ?? other;
        }
    }

    private bool HasLink(int level)
    {
        foreach (var found in _urls ?? [])
        {
            if (found.Level == level || (found.Level > level && Has(level, Marks.Id)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a value with all that is in it.</summary>
    /// <returns>Whether it came to its end.</returns>
    private bool Walk(ref LenientJson json, Frame root)
    {
        Span<Frame> frames = stackalloc Frame[MaxDepth];
        var depth = 0;
        var field = TaskField.None;
        while (true)
        {
            var token = json.Read();
            switch (token)
            {
                case LenientToken.End:
                    return false;
                case LenientToken.Name:
                    field = TaskFields.Find(json.Value);
                    _hasData |= field == TaskField.Data;
                    break;
                case LenientToken.Open:
                    if (depth < MaxDepth)
                    {
                        frames[depth] = depth == 0 ? root with { IsList = json.IsList } : Enter(ref frames[depth - 1], field, json.IsList);
                        HasObject |= !json.IsList;
                    }
                    else
                    {
                        IsTooDeep = true;
                    }

                    depth++;
                    field = TaskField.None;
                    break;
                case LenientToken.Close:
                    if (depth == 0)
                    {
                        json.IsDamaged = true;
                        return true;
                    }

                    depth--;
                    if (depth < MaxDepth)
                    {
                        json.IsDamaged |= frames[depth].IsList != json.IsList;
                        Leave(frames[depth]);
                    }

                    if (depth == 0)
                    {
                        return true;
                    }

                    field = TaskField.None;
                    break;
                default:
                    if (depth == 0)
                    {
                        OpenText(ref json, root);
                        return true;
                    }

                    if (depth <= MaxDepth)
                    {
                        ref var frame = ref frames[depth - 1];
                        ReadValue(ref frame, frame.IsList ? frame.Field : field, token, ref json);
                        frame.Index++;
                    }

                    field = TaskField.None;
                    break;
            }
        }
    }

    /// <summary>Goes into the object or list of a field, or into the next one of a list.</summary>
    private static Frame Enter(ref Frame parent, TaskField field, bool isList)
    {
        var name = parent.IsList ? parent.Field : field;
        var isFurther = parent.IsList && parent.Index > 0;
        parent.Index++;
        if (isList)
        {
            // A list is as good as its first entry.
            var list = name == TaskField.None && !parent.IsList ? Child(parent, name) : parent;
            return list with { Field = name, IsList = true, Index = isFurther ? 1 : 0, HasLooseId = false, HasWord = false };
        }

        if (parent.IsList && name == TaskField.None)
        {
            var part = isFurther ? Part.Ignored : parent.Part;
            return parent with { IsList = false, Index = 0, Part = part, HasLooseId = false, HasWord = false };
        }

        var child = Child(parent, name);
        return isFurther && child.Part is Part.Task or Part.Output or Part.Result ? child with { Part = Part.Ignored } : child;
    }

    /// <summary>What stands in a list without a name: as what the list stands for, if it is the first.</summary>
    private static Frame Entry(Frame list) => list with { IsList = false, Part = list.Index == 0 ? list.Part : Part.Ignored };

    private static Frame Child(Frame parent, TaskField field)
    {
        var level = Math.Min(parent.Level + 1, MaxLevels - 1);
        return parent.Part switch
        {
            Part.Task or Part.Output or Part.Result => field switch
            {
                TaskField.Data or TaskField.Task => Of(Part.Task, level),
                TaskField.Output => Of(Part.Output, level),
                TaskField.Result or TaskField.Response => Of(Part.Result, level),
                TaskField.Detail => Of(Part.Detail, parent.Level),
                TaskField.Error or TaskField.Errors => Of(Part.Error, parent.Level),
                TaskField.BaseResponse => Of(Part.BaseResponse, parent.Level),
                TaskField.PendingInfo => Of(Part.PendingInfo, parent.Level),
                TaskField.Echo => default,
                _ => RankOf(field, parent.Part) is { } rank ? Of(Part.Links, parent.Level, rank) : Of(Part.Loose, level),
            },
            Part.Links when parent.Rank == VideoUrlPriority.Metadata => default,
            Part.Links => RankOf(field, Part.Task) is null ? default : Of(Part.Links, parent.Level, parent.Rank),
            Part.Detail => field switch
            {
                TaskField.PendingInfo => Of(Part.PendingInfo, parent.Level),
                TaskField.DraftInfo => Of(Part.DraftInfo, parent.Level),
                _ => default,
            },
            Part.Error => field is TaskField.Error or TaskField.Errors or TaskField.Detail ? Of(Part.Error, parent.Level) : default,
            Part.Loose => field is TaskField.Echo or TaskField.Error or TaskField.Errors ? default : Of(Part.Loose, level),
            _ => default,
        };

        static Frame Of(Part part, int level, int rank = 0) => new() { Part = part, Level = (byte)level, Rank = (byte)rank };
    }

    /// <summary>The rank of an address that a field holds, directly or in an object or list.</summary>
    private static int? RankOf(TaskField field, Part part) => field switch
    {
        TaskField.VideoUrl => part switch { Part.Output => VideoUrlPriority.OutputObject, Part.Result => VideoUrlPriority.Result, _ => VideoUrlPriority.VideoUrl },
        TaskField.Url => part switch { Part.Output => VideoUrlPriority.OutputObject, Part.Result => VideoUrlPriority.Result, _ => VideoUrlPriority.Url },
        TaskField.Output => VideoUrlPriority.Output,
        TaskField.Outputs => VideoUrlPriority.FirstOutput,
        TaskField.ResultUrl or TaskField.DownloadableUrl => VideoUrlPriority.ResultUrl,
        TaskField.Video => VideoUrlPriority.NestedVideo,
        TaskField.Metadata => VideoUrlPriority.Metadata,
        TaskField.Content => VideoUrlPriority.Content,
        TaskField.TaskResult => VideoUrlPriority.TaskResult,
        TaskField.Results => VideoUrlPriority.Results,
        TaskField.Result or TaskField.Response => VideoUrlPriority.Result,
        TaskField.Videos => VideoUrlPriority.Videos,
        TaskField.Creations => VideoUrlPriority.Creations,
        TaskField.Assets => VideoUrlPriority.Assets,
        TaskField.WatermarkedUrl => VideoUrlPriority.Watermarked,
        _ => null,
    };

    private void Leave(Frame frame)
    {
        if (!frame.HasLooseId || _looseIds is null)
        {
            return;
        }

        var id = _looseIds[^1];
        _looseIds.RemoveAt(_looseIds.Count - 1);
        if (frame.HasWord)
        {
            Offer(ref _otherId, id, frame.Level, 30);
        }
    }

    private void ReadValue(ref Frame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (frame.Part)
        {
            case Part.Task or Part.Output or Part.Result:
                ReadTaskField(ref frame, field, token, ref json);
                break;
            case Part.Detail:
                ReadDetailField(frame.Level, field, token, ref json);
                break;
            case Part.PendingInfo when field == TaskField.ProgressShare:
                HasTaskFields = true;
                // Named a percentage, but a share of one: captured 2025-10-06.
                _share = LenientValues.Share(TextOf(token, ref json)) ?? _share;
                break;
            case Part.PendingInfo when field == TaskField.FailureReason:
                HasTaskFields = true;
                OfferReason(token, ref json, frame.Level, 8);
                break;
            case Part.DraftInfo when field is TaskField.DownloadableUrl or TaskField.Url:
                OfferUrl(token, ref json, frame.Level, field == TaskField.Url ? VideoUrlPriority.DraftUrl : VideoUrlPriority.DraftDownloadableUrl);
                break;
            case Part.Error:
                ReadErrorField(frame.Level, field, token, ref json);
                break;
            case Part.BaseResponse when field == TaskField.Message:
                OfferReason(token, ref json, frame.Level, Generic + 20);
                break;
            case Part.Links:
                ReadLink(frame, field, token, ref json);
                break;
            case Part.Loose:
                ReadLooseField(ref frame, field, token, ref json);
                break;
        }
    }

    private void ReadTaskField(ref Frame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        int level = frame.Level;
        if (token == LenientToken.Text && (IsContainer(field) || (field == TaskField.None && (frame.IsList || _isPaid))) && json.HoldsJson)
        {
            OpenText(ref json, frame.IsList && field == TaskField.None ? Entry(frame) : Child(frame, field));
            return;
        }

        switch (field)
        {
            case TaskField.None:
                break;
            case TaskField.Status or TaskField.TaskStatus or TaskField.State:
                OfferStatus(level, field, TextOf(token, ref json));
                break;
            case TaskField.Id:
                // A number is the relay's own row count; a task_id, at whatever level, is the one to ask with.
                OfferId(token, ref json, level, token == LenientToken.Number ? MaxLevels : level, 0);
                break;
            case TaskField.TaskId:
                OfferId(token, ref json, level, level, 1);
                break;
            case TaskField.OtherId:
                OfferOtherId(token, ref json, level, 10);
                break;
            case TaskField.RequestId:
                _requestId ??= _isPaid && TextOf(token, ref json) is { } request && TaskIds.IsId(request) ? request : null;
                break;
            case TaskField.Progress:
                HasTaskFields = true;
                if (TextOf(token, ref json) is { } progress && LenientValues.Percent(progress) is { } percent)
                {
                    Offer(ref _progress, progress, level, 0);
                    Mark(level, percent >= 100 ? Marks.Full : Marks.None);
                }

                break;
            case TaskField.ProgressShare:
                HasTaskFields = true;
                _share ??= LenientValues.Share(TextOf(token, ref json));
                break;
            case TaskField.ThumbnailUrl:
                HasTaskFields = true;
                Offer(ref _thumbnail, TextOf(token, ref json), level, 0);
                break;
            case TaskField.CoverUrl:
                Offer(ref _thumbnail, TextOf(token, ref json), level, 2);
                break;
            case TaskField.LastFrameUrl:
                Offer(ref _lastFrame, TextOf(token, ref json), level, 0);
                break;
            case TaskField.FailReason:
                HasTaskFields = true;
                OfferReason(token, ref json, level, 0);
                if (json.Value.StartsWith("http"u8))
                {
                    OfferUrl(token, ref json, level, VideoUrlPriority.FailReason);
                }

                break;
            case TaskField.FailureReason:
                HasTaskFields = true;
                OfferReason(token, ref json, level, 5);
                break;
            case TaskField.Error or TaskField.Errors or TaskField.ErrorMessage:
                QuoteIds(token, ref json, level);
                _hasBadCode |= json.Value.SequenceEqual("true"u8);
                HasError |= OfferReason(token, ref json, level, field == TaskField.ErrorMessage ? 6 : field == TaskField.Errors ? 7 : 1);
                break;
            case TaskField.Detail:
                HasMessage |= OfferReason(token, ref json, level, Generic + 3);
                break;
            case TaskField.MessageZh or TaskField.Message or TaskField.Reason or TaskField.Title:
                QuoteIds(token, ref json, level);
                HasMessage |= OfferReason(token, ref json, level, Generic + (field == TaskField.MessageZh ? 0 : field == TaskField.Message
                    ? 1 : field == TaskField.Reason ? 2 : 4));
                break;
            case TaskField.Code:
                ReadCode(token, ref json, level);
                break;
            case TaskField.Success:
                _hasBadCode |= json.Value.SequenceEqual("false"u8);
                break;
            case TaskField.FilterReasons:
                _filterReason ??= TextOf(token, ref json);
                break;
            case TaskField.Model:
                HasTaskFields = true;
                Offer(ref _model, TextOf(token, ref json), level, 0);
                break;
            case TaskField.CreatedAt:
                OfferTime(ref _created, token, ref json, level);
                break;
            case TaskField.StartedAt:
                OfferTime(ref _started, token, ref json, level);
                break;
            case TaskField.CompletedAt:
                OfferTime(ref _completed, token, ref json, level);
                break;
            case TaskField.UpdatedAt:
                OfferTime(ref _updated, token, ref json, level);
                break;
            case TaskField.ObjectKind:
                HasTaskFields = true;
                _isVideoObject |= json.Value.StartsWith("video"u8);
                break;
            case TaskField.TaskMark:
                HasTaskFields = true;
                break;
            case TaskField.Data or TaskField.Task or TaskField.Result:
                ReadBareValue(frame, field, token, ref json);
                break;
            default:
                if (RankOf(field, frame.Part) is { } rank)
                {
                    HasTaskFields |= field is TaskField.VideoUrl or TaskField.ResultUrl or TaskField.DownloadableUrl;
                    OfferUrl(token, ref json, level, rank);
                }

                break;
        }
    }

    /// <summary>A text where an object was expected: the id of what was made, or the address of the video.</summary>
    private void ReadBareValue(Frame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        if (TextOf(token, ref json) is not { } text)
        {
            return;
        }

        if (text.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            AddUrl(text, frame.Level, VideoUrlPriority.Result);
        }
        else if (_isPaid && token == LenientToken.Text && (field != TaskField.Data || frame.Level == 0) && TaskIds.IsBareId(text))
        {
            _bareId ??= text;
        }
    }

    private void ReadDetailField(int level, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (field)
        {
            case TaskField.Url:
                OfferUrl(token, ref json, level, VideoUrlPriority.DetailUrl);
                break;
            case TaskField.VideoUrl:
                OfferUrl(token, ref json, level, VideoUrlPriority.DetailVideoUrl);
                break;
            case TaskField.ThumbnailUrl:
                Offer(ref _thumbnail, TextOf(token, ref json), level, 1);
                break;
            default:
                return;
        }

        HasTaskFields = true;
    }

    private void ReadErrorField(int level, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (field)
        {
            case TaskField.MessageZh:
                HasError |= OfferReason(token, ref json, level, 2);
                break;
            case TaskField.Message or TaskField.Error or TaskField.Errors or TaskField.Reason or TaskField.Detail or TaskField.ErrorMessage
                or TaskField.Title:
                QuoteIds(token, ref json, level);
                HasError |= OfferReason(token, ref json, level, field == TaskField.Message ? 3 : field == TaskField.Errors ? 7 : 4);
                break;
            case TaskField.Code:
                if (TextOf(token, ref json) is { } code && IsSaid(code) && !IsGoodCode(code))
                {
                    HasError = true;
                    if (token == LenientToken.Text)
                    {
                        Offer(ref _code, code, level, 0);
                        Mark(level, Marks.Reason);
                    }
                }

                break;
            case TaskField.TaskId:
                OfferOtherId(token, ref json, level, 20);
                break;
        }
    }

    private void ReadLink(Frame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (field)
        {
            case TaskField.LastFrameUrl:
                Offer(ref _lastFrame, TextOf(token, ref json), frame.Level, 1);
                return;
            case TaskField.CoverUrl or TaskField.ThumbnailUrl:
                Offer(ref _thumbnail, TextOf(token, ref json), frame.Level, 3);
                return;
            case TaskField.WatermarkedUrl:
                OfferUrl(token, ref json, frame.Level, VideoUrlPriority.Watermarked);
                return;
        }

        if (RankOf(field, Part.Task) is not null)
        {
            var isCertain = frame.Rank != VideoUrlPriority.Metadata || field is TaskField.Url or TaskField.Metadata or TaskField.ResultUrl;
            OfferUrl(token, ref json, frame.Level, isCertain ? frame.Rank : VideoUrlPriority.MetadataOther);
        }
    }

    private void ReadLooseField(ref Frame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        if (!_isPaid)
        {
            return;
        }

        switch (field)
        {
            case TaskField.TaskId:
                OfferOtherId(token, ref json, frame.Level, 25);
                break;
            case TaskField.Id when !frame.HasLooseId && TextOf(token, ref json) is { } id && TaskIds.IsId(id):
                frame.HasLooseId = true;
                (_looseIds ??= []).Add(id);
                break;
            case TaskField.Status or TaskField.TaskStatus or TaskField.State:
                frame.HasWord |= StatusWords.Read(TextOf(token, ref json)) is not VideoTaskStatus.Unknown;
                break;
            case TaskField.ObjectKind:
                frame.HasWord |= json.Value.StartsWith("video"u8);
                break;
            default:
                if (token == LenientToken.Text && json.HoldsJson && field is not (TaskField.Echo or TaskField.TaskMark))
                {
                    OpenText(ref json, new Frame { Part = Part.Loose, Level = frame.Level });
                }

                break;
        }
    }

    /// <summary>The code of an envelope, or that of a failure.</summary>
    private void ReadCode(LenientToken token, ref LenientJson json, int level)
    {
        if (TextOf(token, ref json) is not { } code || !IsSaid(code) || IsGoodCode(code))
        {
            return;
        }

        if (IsNumber(code, out _))
        {
            _hasBadCode = true;
        }
        else
        {
            _hasOddCode = true;
            Offer(ref _code, code, level, 1);
        }
    }

    // Numbers from 1 to 399 are used for "taken" and "queued" too (1 and 22: seen in the documents of shops of the same software, 2026-01).
    private static bool IsGoodCode(string code) =>
        IsNumber(code, out var number) ? number is >= 0 and < 400
        : StatusWords.Read(code) is not (VideoTaskStatus.Unknown or VideoTaskStatus.Failed);

    private static bool IsNumber(string code, out int number) =>
        int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>Reads JSON that a text holds, as if it stood there itself.</summary>
    private void OpenText(ref LenientJson json, Frame root)
    {
        if (_texts == MaxTexts || !json.HoldsJson)
        {
            return;
        }

        _texts++;
        var inner = new LenientJson(Encoding.UTF8.GetBytes(json.GetText() ?? ""));
        Walk(ref inner, root);
        _texts--;
    }

    /// <summary>
    /// Looks for an id in what an error quotes of another answer: a relay may wrap the one that accepted the task (new-api's
    /// <c>fail_to_fetch_task</c>, seen 2026-11).
    /// </summary>
    private void QuoteIds(LenientToken token, ref LenientJson json, int level)
    {
        if (!_isPaid || token != LenientToken.Text || _texts == MaxTexts || json.Value.IndexOfAny("{["u8) < 0
            || json.GetText() is not { } text)
        {
            return;
        }

        _texts++;
        var inner = new LenientJson(Encoding.UTF8.GetBytes(text[Math.Max(0, text.AsSpan().IndexOfAny('{', '['))..]));
        var known = HasObject;
        Walk(ref inner, new Frame { Part = Part.Loose, Level = (byte)Math.Min(level + 1, MaxLevels - 1) });
        HasObject = known;
        _texts--;
    }

    private static bool IsContainer(TaskField field) =>
        field is TaskField.Data or TaskField.Task or TaskField.Result or TaskField.Response or TaskField.Output or TaskField.Outputs
            or TaskField.Results
        or TaskField.Videos or TaskField.Video or TaskField.Content or TaskField.TaskResult or TaskField.Creations or TaskField.Metadata;

    private static string? TextOf(LenientToken token, ref LenientJson json) =>
        token is LenientToken.Text or LenientToken.Number ? json.GetText() : null;

    private void OfferId(LenientToken token, ref LenientJson json, int level, int place, int rank)
    {
        if (TextOf(token, ref json) is not { } id || !TaskIds.IsId(id))
        {
            HasBlankId |= level == 0 && rank == 0;
            return;
        }

        Mark(level, Marks.Id);
        NamesAskedTask |= _askedId is not null && TaskIds.IsSame(_askedId, id);
        Offer(ref _id, id, place, rank);
    }

    private void OfferOtherId(LenientToken token, ref LenientJson json, int level, int rank)
    {
        if (_isPaid && TextOf(token, ref json) is { } id && TaskIds.IsId(id))
        {
            Offer(ref _otherId, id, level, rank);
        }
    }

    private void OfferStatus(int level, TaskField field, string? word)
    {
        if (word is null)
        {
            return;
        }

        // Of several words at a level one that is known counts before one that is not, and Kling's and others' own name before the common
        // one.
        ref var state = ref _levels[level];
        var isKnown = StatusWords.Read(word) != VideoTaskStatus.Unknown;
        var wasKnown = state.Word is not null && StatusWords.Read(state.Word) != VideoTaskStatus.Unknown;
        var isOwn = field == TaskField.TaskStatus;
        if (state.Word is null || (isKnown && !wasKnown) || (isKnown == wasKnown && (field == TaskField.Status
            || isOwn) && !Has(level, Marks.TaskStatus)))
        {
            state.Word = word;
            Mark(level, isOwn ? Marks.TaskStatus : Marks.None);
        }

        HasTaskFields |= isOwn;
    }

    private bool OfferReason(LenientToken token, ref LenientJson json, int level, int rank)
    {
        if (TextOf(token, ref json) is not { } text || !IsSaid(text))
        {
            return false;
        }

        if (rank < Generic)
        {
            Mark(level, Marks.Reason);
        }

        Offer(ref _reason, text, rank >= Generic ? level + Generic : level, rank);
        return true;
    }

    /// <summary>
    /// Whether a text says more than that there is nothing to say. Gateways put "success" where a failed task's reason goes: seen in
    /// new-api, 2026.
    /// </summary>
    private static bool IsSaid(string text) => text.Length > 12 || text.ToLowerInvariant() is not
        ("success" or "succeed" or "succeeded" or "ok" or "null" or "none" or "nil" or "undefined" or "false" or "0" or "{}" or "[]"
            or "成功" or "操作成功" or "请求成功" or "查询成功" or "获取成功");

    private void OfferTime(ref Found best, LenientToken token, ref LenientJson json, int level)
    {
        HasTaskFields = true;
        var text = TextOf(token, ref json);
        Offer(ref best, LenientValues.Time(text) is null ? null : text, level, 0);
    }

    /// <summary>The outer level wins, then the better rank.</summary>
    private static void Offer(ref Found best, string? text, int level, int rank)
    {
        var order = (level * 4096) + rank;
        if (text is not null && (best.Text is null || order < best.Order))
        {
            best = new Found(text, order);
        }
    }

    private void OfferUrl(LenientToken token, ref LenientJson json, int level, int rank)
    {
        // Not everything that is a number, a path or a sentence: only what may turn out to be an address.
        if (token == LenientToken.Text && json.Value.IndexOf((byte)'/') >= 0 && json.GetText() is { } text && LenientValues.MayBeUrl(text))
        {
            AddUrl(text, level, rank);
        }
    }

    private void AddUrl(string text, int level, int rank) => (_urls ??= new List<Address>(2)).Add(new Address(text, level, rank));

    private bool Has(int level, Marks marks) => (_levels[level].Marks & marks) != Marks.None;

    private void Mark(int level, Marks marks) => _levels[level].Marks |= marks;

    /// <summary>An answer's value, and its place in the order of those that were found.</summary>
    private readonly record struct Found(string? Text, int Order);

    /// <summary>An address, with the level that it stood at.</summary>
    private readonly record struct Address(string Text, int Level, int Rank);

    /// <summary>An object or list that is being read.</summary>
    private struct Frame
    {
        public Part Part;
        public byte Level;
        public byte Rank;
        public TaskField Field;
        public bool IsList;
        public bool HasLooseId;
        public bool HasWord;
        public int Index;
    }

    /// <summary>What a level says about the task.</summary>
    private struct LevelState
    {
        public string? Word;
        public Marks Marks;
    }

    [InlineArray(MaxLevels)]
    private struct Levels
    {
#pragma warning disable IDE0044, IDE0051 // the one element that the others follow
        private LevelState _first;
#pragma warning restore IDE0044, IDE0051
    }
}
