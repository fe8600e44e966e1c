using System.Text;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Reads a task from any response that a relay has been seen to return, in one pass over the bytes. Never throws.</summary>
/// <remarks>
/// Values are offered with a rank; the best rank wins wherever it is in the response. An object under <c>data</c>, <c>task</c>,
/// <c>result</c>, <c>output</c> or <c>response</c> is one level deeper; of a list of tasks the first one counts. The other part of the
/// class, TaskReader.Fields.cs, says what each field means.
/// </remarks>
internal sealed partial class TaskReader
{
    /// <summary>The nesting of objects and lists that is read; what is deeper is skipped.</summary>
    private const int MaxDepth = 192;

    /// <summary>JSON in a string in JSON …: each level is a pass over its own text.</summary>
    private const int MaxNestedTexts = 8;

    private readonly string? _queriedId;
    private readonly bool _isPaid;
    private TaskLevels _levels;
    private VideoUrlCandidates _urls;
    private RankedText _id;
    private RankedText _otherId;
    private RankedText _progress;
    private RankedText _reason;
    private RankedText _code;
    private RankedText _model;
    private RankedText _thumbnail;
    private RankedText _lastFrame;
    private RankedText _created;
    private RankedText _started;
    private RankedText _completed;
    private RankedText _updated;
    private double? _progressShare;
    private string? _requestId;
    private string? _bareId;
    private string? _filterReason;
    private List<string>? _pendingIds;
    private bool _hasErrorCode;
    private bool _hasUnknownCode;
    private bool _isVideoObject;
    private bool _hasData;
    private int _nestedTexts;

    /// <param name="queriedId">The task of the query, or null.</param>
    /// <param name="isPaid">Whether an id anywhere in the response matters.</param>
    public TaskReader(string? queriedId, bool isPaid) => (_queriedId, _isPaid) = (queriedId, isPaid);

    /// <summary>Whether there is an object at all.</summary>
    public bool HasObject { get; private set; }

    /// <summary>Whether the document has its end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the document has errors beyond those that leave its meaning clear.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Whether there is an id field without a value: with a status "error" that is a refusal.</summary>
    public bool HasBlankId { get; private set; }

    /// <summary>Whether one of the ids is the queried one.</summary>
    public bool NamesQueriedTask { get; private set; }

    /// <summary>Whether there is a field that only a task has.</summary>
    public bool HasTaskFields { get; private set; }

    /// <summary>Whether an error field has a value.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether the envelope has a message for people.</summary>
    public bool HasMessage { get; private set; }

    /// <summary>Whether the response reports that the call failed: by an error, a code, or <c>"success": false</c>.</summary>
    public bool ReportsError => HasError || _hasErrorCode || (_hasUnknownCode && HasMessage);

    /// <summary>Whether there is any text or code that could describe an error.</summary>
    public bool HasErrorText => HasError || HasMessage || _hasErrorCode || _hasUnknownCode;

    /// <summary>Whether the document is nested deeper than is read.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>The task's id in the response.</summary>
    public string? Id => _id.Text;

    /// <summary>The id of the task that a create made: the most trustworthy of the names and places for it.</summary>
    public string? CreatedId => _id.Text ?? _otherId.Text
        ?? (ReportsError || Status == VideoTaskStatus.Failed ? null : _bareId ?? (HasMessage ? null : _requestId));

    /// <summary>The platform's status word, of the level that counts.</summary>
    public string? RawStatus => TaskLevel is { } level ? _levels.StatusWord(level) : null;

    /// <summary>The status, from <see cref="RawStatus"/> and from the reasons of a filter in place of a video.</summary>
    public VideoTaskStatus Status
    {
        get
        {
            var status = StatusWords.Parse(RawStatus);
            return IsFiltered && status is VideoTaskStatus.Succeeded or VideoTaskStatus.Unknown ? VideoTaskStatus.Failed : status;
        }
    }

    public double? Progress => LenientValues.Percent(_progress.Text) ?? _progressShare;

    /// <summary>The platform's reason of a failure, or of a task that it could not read.</summary>
    public string? Reason => IsFiltered ? _filterReason : _reason.Text ?? _code.Text;

    /// <summary>The platform's code for a failure.</summary>
    public string? FailureCode => IsFiltered ? "moderation" : _code.Text;

    public string? Model => _model.Text;

    /// <summary>Whether it is OpenAI's video object, or the flat form of it: then the video is available by its id.</summary>
    /// <remarks>Source: new-api, 2026-09.</remarks>
    public bool IsVideoObject => _isVideoObject || (!_hasData && Id is not null && _completed.Text is not null && Progress >= 100);

    public DateTimeOffset? CreatedAt => LenientValues.Time(_created.Text);

    public DateTimeOffset? StartedAt => LenientValues.Time(_started.Text);

    public DateTimeOffset? CompletedAt => LenientValues.Time(_completed.Text);

    public DateTimeOffset? UpdatedAt => LenientValues.Time(_updated.Text);

    /// <summary>Whether Google's filter withheld the video and gave reasons.</summary>
    private bool IsFiltered => _filterReason is not null && _urls.IsEmpty;

    private int? TaskLevel => _levels.FindTask(_urls);

    public Uri? VideoUrl(Uri api) => _urls.IsEmpty ? null : _urls.Best(TaskLevel ?? 0, api);

    public Uri? ThumbnailUrl(Uri api) => LenientValues.Url(_thumbnail.Text, api);

    public Uri? LastFrameUrl(Uri api) => LenientValues.Url(_lastFrame.Text, api);

    /// <summary>Reads one document.</summary>
    /// <param name="json">The text, from the document's first bracket or quote on.</param>
    /// <param name="isPage">Whether it is inside a web page, where an object need not be a response.</param>
    /// <returns>The number of bytes read.</returns>
    public int Read(ReadOnlySpan<byte> json, bool isPage = false)
    {
        var reader = new LenientJson(json);
        IsComplete = ReadDocument(ref reader, new TaskFrame { Part = isPage ? TaskPart.Unknown : TaskPart.Task });
        IsDamaged = reader.IsDamaged;
        return reader.Position;
    }

    /// <summary>Reads a value with everything in it.</summary>
    /// <returns>Whether the value has its end.</returns>
    private bool ReadDocument(ref LenientJson json, TaskFrame root)
    {
        Span<TaskFrame> frames = stackalloc TaskFrame[MaxDepth];
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
                        frames[depth] = depth == 0
                            ? root with { IsList = json.IsList }
                            : frames[depth - 1].Enter(field, json.IsList);
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
                        OfferPendingId(frames[depth]);
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
                        ReadNestedJson(ref json, root);
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

    /// <summary>Reads JSON in a string as if it were not in one.</summary>
    private void ReadNestedJson(ref LenientJson json, TaskFrame root)
    {
        if (_nestedTexts == MaxNestedTexts || !json.HasNestedJson)
        {
            return;
        }

        _nestedTexts++;
        var inner = new LenientJson(Encoding.UTF8.GetBytes(json.GetText() ?? ""));
        ReadDocument(ref inner, root);
        _nestedTexts--;
    }

    /// <summary>Searches for an id in the response that an error quotes.</summary>
    /// <remarks>
    /// A relay may wrap the response that accepted the task (new-api's <c>fail_to_fetch_task</c>, seen 2026-11).
    /// </remarks>
    private void FindQuotedIds(LenientToken token, ref LenientJson json, int level)
    {
        if (!_isPaid || token != LenientToken.Text || _nestedTexts == MaxNestedTexts || json.Value.IndexOfAny("{["u8) < 0
            || json.GetText() is not { } text)
        {
            return;
        }

        _nestedTexts++;
        var inner = new LenientJson(Encoding.UTF8.GetBytes(text[Math.Max(0, text.AsSpan().IndexOfAny('{', '['))..]));
        var hadObject = HasObject;
        ReadDocument(ref inner, new TaskFrame { Part = TaskPart.Unknown, Level = (byte)Math.Min(level + 1, TaskLevels.Max - 1) });
        HasObject = hadObject;
        _nestedTexts--;
    }
}
