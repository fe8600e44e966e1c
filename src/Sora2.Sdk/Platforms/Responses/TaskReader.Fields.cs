using System.Globalization;
using Marks = Sora2.Sdk.Platforms.Responses.TaskLevels.Marks;

namespace Sora2.Sdk.Platforms.Responses;

/// <content>What the value of each field means, by the object that contains it.</content>
internal sealed partial class TaskReader
{
    /// <summary>Added to the rank of a text in a field that other responses also use for other things.</summary>
    private const int Generic = 1000;

    private void ReadValue(ref TaskFrame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (frame.Part)
        {
            case TaskPart.Task or TaskPart.Output or TaskPart.Result:
                ReadTaskField(ref frame, field, token, ref json);
                break;
            case TaskPart.Detail:
                ReadDetailField(frame.Level, field, token, ref json);
                break;
            case TaskPart.PendingInfo when field == TaskField.ProgressShare:
                HasTaskFields = true;
                // Named a percentage, but a fraction of one: captured 2025-10-06.
                _progressShare = LenientValues.Share(Text(token, ref json)) ?? _progressShare;
                break;
            case TaskPart.PendingInfo when field == TaskField.FailureReason:
                HasTaskFields = true;
                OfferReason(token, ref json, frame.Level, 8);
                break;
            case TaskPart.DraftInfo when field is TaskField.DownloadableUrl or TaskField.Url:
                OfferUrl(
                    token,
                    ref json,
                    frame.Level,
                    field == TaskField.Url ? VideoUrlPriority.DraftUrl : VideoUrlPriority.DraftDownloadableUrl);
                break;
            case TaskPart.Error:
                ReadErrorField(frame.Level, field, token, ref json);
                break;
            case TaskPart.BaseResponse when field == TaskField.Message:
                OfferReason(token, ref json, frame.Level, Generic + 20);
                break;
            case TaskPart.Urls:
                ReadUrlField(frame, field, token, ref json);
                break;
            case TaskPart.Unknown when _isPaid:
                ReadUnknownField(ref frame, field, token, ref json);
                break;
        }
    }

    private void ReadTaskField(ref TaskFrame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        int level = frame.Level;
        if (token == LenientToken.Text && (IsContainer(field) || (field == TaskField.None && (frame.IsList || _isPaid)))
            && json.HasNestedJson)
        {
            ReadNestedJson(ref json, frame.IsList && field == TaskField.None ? frame.Entry() : frame.Child(field));
            return;
        }

        switch (field)
        {
            case TaskField.None:
                break;
            case TaskField.Status or TaskField.TaskStatus or TaskField.State:
                OfferStatus(level, field, Text(token, ref json));
                break;
            case TaskField.Id:
                // A number is the relay's own row count; a task_id, at any level, is the id for queries.
                OfferId(token, ref json, level, token == LenientToken.Number ? TaskLevels.Max : level, 0);
                break;
            case TaskField.TaskId:
                OfferId(token, ref json, level, level, 1);
                break;
            case TaskField.OtherId:
                OfferOtherId(token, ref json, level, 10);
                break;
            case TaskField.RequestId:
                _requestId ??= _isPaid && Text(token, ref json) is { } request && TaskIds.IsId(request) ? request : null;
                break;
            case TaskField.Progress:
                HasTaskFields = true;
                if (Text(token, ref json) is { } progress && LenientValues.Percent(progress) is { } percent)
                {
                    _progress.Offer(progress, level, 0);
                    _levels.Mark(level, percent >= 100 ? Marks.IsFull : Marks.None);
                }

                break;
            case TaskField.ProgressShare:
                HasTaskFields = true;
                _progressShare ??= LenientValues.Share(Text(token, ref json));
                break;
            case TaskField.ThumbnailUrl:
                HasTaskFields = true;
                _thumbnail.Offer(Text(token, ref json), level, 0);
                break;
            case TaskField.CoverUrl:
                _thumbnail.Offer(Text(token, ref json), level, 2);
                break;
            case TaskField.LastFrameUrl:
                _lastFrame.Offer(Text(token, ref json), level, 0);
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
                FindQuotedIds(token, ref json, level);
                _hasErrorCode |= json.Value.SequenceEqual("true"u8);
                HasError |= OfferReason(
                    token, ref json, level, field == TaskField.ErrorMessage ? 6 : field == TaskField.Errors ? 7 : 1);
                break;
            case TaskField.Detail:
                HasMessage |= OfferReason(token, ref json, level, Generic + 3);
                break;
            case TaskField.MessageZh or TaskField.Message or TaskField.Reason or TaskField.Title:
                FindQuotedIds(token, ref json, level);
                HasMessage |= OfferReason(token, ref json, level, Generic + field switch
                {
                    TaskField.MessageZh => 0,
                    TaskField.Message => 1,
                    TaskField.Reason => 2,
                    _ => 4,
                });
                break;
            case TaskField.Code:
                ReadCode(token, ref json, level);
                break;
            case TaskField.Success:
                _hasErrorCode |= json.Value.SequenceEqual("false"u8);
                break;
            case TaskField.FilterReasons:
                _filterReason ??= Text(token, ref json);
                break;
            case TaskField.Model:
                HasTaskFields = true;
                _model.Offer(Text(token, ref json), level, 0);
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
                ReadTextForTask(frame.Level, field, token, ref json);
                break;
            default:
                if (VideoUrlPriority.Find(field, frame.Part) is { } priority)
                {
                    HasTaskFields |= field is TaskField.VideoUrl or TaskField.ResultUrl or TaskField.DownloadableUrl;
                    OfferUrl(token, ref json, level, priority);
                }

                break;
        }
    }

    /// <summary>Reads a text in place of a task object: the id of the created task, or the address of the video.</summary>
    private void ReadTextForTask(int level, TaskField field, LenientToken token, ref LenientJson json)
    {
        if (Text(token, ref json) is not { } text)
        {
            return;
        }

        if (text.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            _urls.Add(text, level, VideoUrlPriority.Result);
        }
        else if (_isPaid && token == LenientToken.Text && (field != TaskField.Data || level == 0) && TaskIds.IsBareId(text))
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
                _thumbnail.Offer(Text(token, ref json), level, 1);
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
            case TaskField.Message or TaskField.Error or TaskField.Errors or TaskField.Reason or TaskField.Detail
                or TaskField.ErrorMessage or TaskField.Title:
                FindQuotedIds(token, ref json, level);
                HasError |= OfferReason(token, ref json, level, field == TaskField.Message ? 3 : field == TaskField.Errors ? 7 : 4);
                break;
            case TaskField.Code:
                if (Text(token, ref json) is { } code && IsMeaningful(code) && !IsSuccessCode(code))
                {
                    HasError = true;
                    if (token == LenientToken.Text)
                    {
                        _code.Offer(code, level, 0);
                        _levels.Mark(level, Marks.HasReason);
                    }
                }

                break;
            case TaskField.TaskId:
                OfferOtherId(token, ref json, level, 20);
                break;
        }
    }

    private void ReadUrlField(TaskFrame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (field)
        {
            case TaskField.LastFrameUrl:
                _lastFrame.Offer(Text(token, ref json), frame.Level, 1);
                return;
            case TaskField.CoverUrl or TaskField.ThumbnailUrl:
                _thumbnail.Offer(Text(token, ref json), frame.Level, 3);
                return;
            case TaskField.WatermarkedUrl:
                OfferUrl(token, ref json, frame.Level, VideoUrlPriority.Watermarked);
                return;
        }

        if (VideoUrlPriority.Find(field, TaskPart.Task) is not null)
        {
            var isCertain = frame.UrlPriority != VideoUrlPriority.Metadata
                || field is TaskField.Url or TaskField.Metadata or TaskField.ResultUrl;
            OfferUrl(token, ref json, frame.Level, isCertain ? frame.UrlPriority : VideoUrlPriority.MetadataOther);
        }
    }

    private void ReadUnknownField(ref TaskFrame frame, TaskField field, LenientToken token, ref LenientJson json)
    {
        switch (field)
        {
            case TaskField.TaskId:
                OfferOtherId(token, ref json, frame.Level, 25);
                break;
            case TaskField.Id when !frame.HasPendingId && Text(token, ref json) is { } id && TaskIds.IsId(id):
                frame.HasPendingId = true;
                (_pendingIds ??= []).Add(id);
                break;
            case TaskField.Status or TaskField.TaskStatus or TaskField.State:
                frame.IsTask |= StatusWords.Parse(Text(token, ref json)) is not VideoTaskStatus.Unknown;
                break;
            case TaskField.ObjectKind:
                frame.IsTask |= json.Value.StartsWith("video"u8);
                break;
            default:
                if (token == LenientToken.Text && json.HasNestedJson && field is not (TaskField.Echo or TaskField.TaskMark))
                {
                    ReadNestedJson(ref json, new TaskFrame { Part = TaskPart.Unknown, Level = frame.Level });
                }

                break;
        }
    }

    /// <summary>Reads the code of an envelope, or of a failure.</summary>
    private void ReadCode(LenientToken token, ref LenientJson json, int level)
    {
        if (Text(token, ref json) is not { } code || !IsMeaningful(code) || IsSuccessCode(code))
        {
            return;
        }

        if (IsNumber(code, out _))
        {
            _hasErrorCode = true;
        }
        else
        {
            _hasUnknownCode = true;
            _code.Offer(code, level, 1);
        }
    }

    // Numbers from 1 to 399 also mean "accepted" and "queued" (1 and 22: seen in documents of shops of the same software, 2026-01).
    private static bool IsSuccessCode(string code) =>
        IsNumber(code, out var number) ? number is >= 0 and < 400
        : StatusWords.Parse(code) is not (VideoTaskStatus.Unknown or VideoTaskStatus.Failed);

    private static bool IsNumber(string code, out int number) =>
        int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool IsContainer(TaskField field) => field
        is TaskField.Data or TaskField.Task or TaskField.Result or TaskField.Response or TaskField.Output or TaskField.Outputs
        or TaskField.Results or TaskField.Videos or TaskField.Video or TaskField.Content or TaskField.TaskResult
        or TaskField.Creations or TaskField.Metadata;

    private static string? Text(LenientToken token, ref LenientJson json) =>
        token is LenientToken.Text or LenientToken.Number ? json.GetText() : null;

    private void OfferId(LenientToken token, ref LenientJson json, int level, int rankLevel, int rank)
    {
        if (Text(token, ref json) is not { } id || !TaskIds.IsId(id))
        {
            HasBlankId |= level == 0 && rank == 0;
            return;
        }

        _levels.Mark(level, Marks.HasId);
        NamesQueriedTask |= _queriedId is not null && TaskIds.IsSame(_queriedId, id);
        _id.Offer(id, rankLevel, rank);
    }

    private void OfferOtherId(LenientToken token, ref LenientJson json, int level, int rank)
    {
        if (_isPaid && Text(token, ref json) is { } id && TaskIds.IsId(id))
        {
            _otherId.Offer(id, level, rank);
        }
    }

    /// <summary>Offers the id of an unknown object at its end, if the object is a task.</summary>
    private void OfferPendingId(TaskFrame frame)
    {
        if (!frame.HasPendingId || _pendingIds is null)
        {
            return;
        }

        var id = _pendingIds[^1];
        _pendingIds.RemoveAt(_pendingIds.Count - 1);
        if (frame.IsTask)
        {
            _otherId.Offer(id, frame.Level, 30);
        }
    }

    private void OfferStatus(int level, TaskField field, string? word)
    {
        if (word is not null)
        {
            _levels.OfferStatus(level, field, word);
            HasTaskFields |= field == TaskField.TaskStatus;
        }
    }

    private bool OfferReason(LenientToken token, ref LenientJson json, int level, int rank)
    {
        if (Text(token, ref json) is not { } text || !IsMeaningful(text))
        {
            return false;
        }

        if (rank < Generic)
        {
            _levels.Mark(level, Marks.HasReason);
        }

        _reason.Offer(text, rank >= Generic ? level + Generic : level, rank);
        return true;
    }

    /// <summary>Returns whether a text is a reason and not only a word for "none".</summary>
    /// <remarks>Gateways put "success" in the field for a failed task's reason: seen in new-api, 2026.</remarks>
    private static bool IsMeaningful(string text) => text.Length > 12 || text.ToLowerInvariant() is not
        ("success" or "succeed" or "succeeded" or "ok" or "null" or "none" or "nil" or "undefined" or "false" or "0" or "{}" or "[]"
            or "成功" or "操作成功" or "请求成功" or "查询成功" or "获取成功");

    private void OfferTime(ref RankedText best, LenientToken token, ref LenientJson json, int level)
    {
        HasTaskFields = true;
        var text = Text(token, ref json);
        best.Offer(LenientValues.Time(text) is null ? null : text, level, 0);
    }

    private void OfferUrl(LenientToken token, ref LenientJson json, int level, int priority)
    {
        // Numbers and sentences are no addresses.
        if (token == LenientToken.Text && json.Value.IndexOf((byte)'/') >= 0 && json.GetText() is { } text
            && LenientValues.MayBeUrl(text))
        {
            _urls.Add(text, level, priority);
        }
    }
}
