namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The table of field names, compared without case, underscores and dashes.</summary>
/// <remarks>
/// Source: responses of both platforms and their documents, and of new-api, Kling, Vidu, Ark, xAI, APIMart and EvoLink, 2025-09 to
/// 2026-11.
/// </remarks>
internal static class TaskFields
{
    private const int MaxLength = 32;

    public static TaskField Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxLength)
        {
            return TaskField.None;
        }

        Span<char> letters = stackalloc char[MaxLength];
        var length = 0;
        foreach (var letter in name)
        {
            if (letter is (byte)'_' or (byte)'-' or (byte)' ')
            {
                continue;
            }

            letters[length++] = letter is >= (byte)'A' and <= (byte)'Z' ? (char)(letter | 0x20) : (char)letter;
        }

        return (ReadOnlySpan<char>)letters[..length] switch
        {
            "id" => TaskField.Id,
            "taskid" => TaskField.TaskId,
            "videoid" or "generationid" => TaskField.OtherId,
            "requestid" => TaskField.RequestId,
            "status" => TaskField.Status,
            "taskstatus" => TaskField.TaskStatus,
            "state" => TaskField.State,
            "progress" => TaskField.Progress,
            "progresspct" => TaskField.ProgressShare,
            "videourl" or "videourls" => TaskField.VideoUrl,
            "output" => TaskField.Output,
            "outputs" => TaskField.Outputs,
            "url" or "uri" => TaskField.Url,
            "resulturl" or "resulturls" or "outputurl" or "downloadurl" => TaskField.ResultUrl,
            "downloadableurl" => TaskField.DownloadableUrl,
            "watermarkurl" or "watermarkedurl" or "watermarkvideourl" or "watermarkedvideourl" => TaskField.WatermarkedUrl,
            "thumbnailurl" => TaskField.ThumbnailUrl,
            "coverurl" or "coverimageurl" or "cover" or "videocover" => TaskField.CoverUrl,
            "lastframeurl" => TaskField.LastFrameUrl,
            "failreason" or "failmsg" or "failmessage" or "taskstatusmsg" => TaskField.FailReason,
            "error" => TaskField.Error,
            "errors" => TaskField.Errors,
            "messagezh" => TaskField.MessageZh,
            "failurereason" => TaskField.FailureReason,
            "errormessage" or "errormsg" => TaskField.ErrorMessage,
            "message" or "msg" or "statusmsg" or "statusmessage" => TaskField.Message,
            "reason" => TaskField.Reason,
            "title" => TaskField.Title,
            "code" or "errorcode" => TaskField.Code,
            "success" or "ok" => TaskField.Success,
            "raimediafilteredreasons" => TaskField.FilterReasons,
            "model" => TaskField.Model,
            "createdat" or "submittime" or "createtime" => TaskField.CreatedAt,
            "starttime" or "startedat" => TaskField.StartedAt,
            "completedat" or "finishtime" or "finishedat" or "endtime" => TaskField.CompletedAt,
            "statusupdatetime" or "updatedat" or "updatetime" => TaskField.UpdatedAt,
            "object" => TaskField.ObjectKind,
            "action" or "seconds" or "size" or "prompt" or "searchitem" => TaskField.TaskMark,
            "data" => TaskField.Data,
            "task" or "taskinfo" or "body" or "payload" => TaskField.Task,
            "result" or "resultjson" => TaskField.Result,
            "response" or "generatevideoresponse" => TaskField.Response,
            "detail" => TaskField.Detail,
            "pendinginfo" => TaskField.PendingInfo,
            "draftinfo" => TaskField.DraftInfo,
            "baseresp" => TaskField.BaseResponse,
            "video" => TaskField.Video,
            "videos" or "generatedsamples" or "generatedvideos" => TaskField.Videos,
            "metadata" => TaskField.Metadata,
            "content" => TaskField.Content,
            "taskresult" or "videoresult" => TaskField.TaskResult,
            "results" => TaskField.Results,
            "creations" => TaskField.Creations,
            "generation" or "assets" => TaskField.Assets,
            "input" or "inputs" or "request" or "params" or "parameters" or "param" or "headers" or "user" or "usage" or "metrics"
                or "logid" => TaskField.Echo,
            _ => TaskField.None,
        };
    }
}
