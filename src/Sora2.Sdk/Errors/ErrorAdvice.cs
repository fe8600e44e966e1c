using System.Globalization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Errors;

/// <summary>The texts of <see cref="Sora2Exception.Advice"/>: a remedy for each kind, and what to do about the money.</summary>
internal static class ErrorAdvice
{
    /// <summary>Returns the advice in the language of <see cref="CultureInfo.CurrentUICulture"/>.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="mayHaveBeenCharged">Whether money may have been spent.</param>
    /// <param name="taskId">The id of the task, if there is one.</param>
    public static string For(Sora2ErrorKind kind, bool? mayHaveBeenCharged, string? taskId)
    {
        var remedy = Remedy(kind);
        var step = MoneyStep(kind, mayHaveBeenCharged, LogSanitizer.SingleLine(taskId?.Trim()));
        return IsChinese(CultureInfo.CurrentUICulture) ? remedy.Chinese + step.Chinese : $"{remedy.English} {step.English}";
    }

    /// <summary>Returns what to do about an error of a kind, of a paid or a free call: nothing about another create.</summary>
    internal static (string English, string Chinese) Remedy(Sora2ErrorKind kind) => kind switch
    {
        Sora2ErrorKind.InvalidRequest => ("Change what the message names.", "请按错误信息修改请求或设置。"),
        Sora2ErrorKind.Authentication => (
            "Check the API key, or the credentials of a proxy if it requires them.",
            "请检查 API 密钥是否正确、是否过期；如果是代理要求认证，请检查代理的用户名和密码。"),
        Sora2ErrorKind.PermissionDenied => (
            "Check at the platform that the account is active and the key's group may do this, or contact its support; if a firewall "
                + "blocked the call, try another network.",
            "请到平台确认账户状态正常、密钥所在分组有此权限，或联系平台客服；如果是被防火墙拦截，请更换网络。"),
        Sora2ErrorKind.InsufficientQuota => (
            "Top up the account, or raise the key's own budget, at the platform.", "请到平台给账户充值，或提高该密钥的额度。"),
        Sora2ErrorKind.RateLimited => ("Wait a little, and send fewer requests.", "请稍等片刻，并减少请求的数量。"),
        Sora2ErrorKind.Saturated => ("The platform is busy: wait a few minutes.", "平台繁忙，请等几分钟。"),
        Sora2ErrorKind.ModelUnavailable => (
            "Check the model's name, and that the key's group has this model.", "请检查模型名称，并确认密钥所在分组可以使用该模型。"),
        Sora2ErrorKind.TaskNotFound => (
            "Check the task's id, and that this platform and key created it; a new task may not be known for a few seconds.",
            "请检查任务 ID，并确认任务由该平台和该密钥创建；刚创建的任务可能要几秒钟后才能查到。"),
        Sora2ErrorKind.InputModeration => (
            "Moderation refused the request: change the prompt or the images.", "请求未通过内容审核，请修改提示词或图片。"),
        Sora2ErrorKind.OutputModeration => (
            "Moderation withheld the finished video: change the prompt.", "生成的视频未通过内容审核，请修改提示词。"),
        Sora2ErrorKind.WrongEndpoint => (
            "Check the address of the platform's API (Sora2ClientOptions.BaseAddress).",
            "请检查平台的 API 地址（Sora2ClientOptions.BaseAddress）。"),
        Sora2ErrorKind.ServerError => (
            "The platform, or a gateway in front of it, failed: wait a few minutes.", "平台或其网关出错，请等几分钟。"),
        Sora2ErrorKind.UnreadableResponse => (
            "The platform's response was not readable: contact its support if that happens again.",
            "平台的响应无法读取；如果反复出现，请联系平台客服。"),
        Sora2ErrorKind.Network => (
            "Check the network, the proxy, and the platform's address and certificate.", "请检查网络和代理，以及平台的地址和证书。"),
        Sora2ErrorKind.Timeout => ("Check the network, or raise the timeout of the call.", "请检查网络，或调大该调用的超时时间。"),
        Sora2ErrorKind.SubmissionUnknown => (
            "It is not known whether the platform accepted the request.", "无法确定平台是否接受了该请求。"),
        Sora2ErrorKind.TaskFailed => ("Read the platform's reason in the message.", "请查看错误信息中平台给出的失败原因。"),
        Sora2ErrorKind.WaitTimeout => ("The task continues at the platform.", "任务仍在平台上运行。"),
        Sora2ErrorKind.Download => (
            "Fix what the message names, then download the video again: that is free, and continues where it stopped.",
            "请先处理错误信息中指出的问题，再重新下载视频；下载不收费，并会从中断处继续。"),
        Sora2ErrorKind.Storage => (
            "Check the file, directory or store that the message names.", "请检查错误信息中提到的文件、目录或存储。"),
        Sora2ErrorKind.Stopping => (
            "The application is stopping: wait until it has started again.", "应用正在停止，请等它重新启动。"),
        _ => (
            "Read the message; the platform's support can explain it with the request id.",
            "请阅读错误信息；如有需要，请凭请求 ID 联系平台客服。"),
    };

    /// <summary>Returns what to do about the money, which decides whether the request may be sent again.</summary>
    private static (string English, string Chinese) MoneyStep(Sora2ErrorKind kind, bool? mayHaveBeenCharged, string taskId)
    {
        var hasTask = taskId.Length > 0;
        return mayHaveBeenCharged switch
        {
            false when hasTask || IsAboutTask(kind) => ("Nothing was charged.", "没有扣费。"),
            false => ("Nothing was charged: the request may be sent again after that.", "没有扣费，之后可以重新发送请求。"),
            true when hasTask && kind == Sora2ErrorKind.Download => (
                $"Task {taskId} and its video are not affected: do not create it again.", $"任务 {taskId} 及其视频不受影响，请勿重复创建。"),
            true when hasTask && !IsOver(kind) => (
                $"Do not create it again: wait for task {taskId}.", $"请勿重复创建：请等待任务 {taskId}。"),
            true when !hasTask => (
                "It may have been charged: do not create it again, but look for the task in the platform's own log.",
                "可能已经扣费：请勿重复创建，请到平台自己的日志中查找该任务。"),
            _ when hasTask => (
                $"Task {taskId} may have been charged: query it, or look for it in the platform's own log, before creating it again.",
                $"任务 {taskId} 可能已经扣费：再次创建之前，请先查询该任务，或到平台自己的日志中查找。"),
            _ => (
                "It may have been charged: look for the request in the platform's own log before creating it again.",
                "可能已经扣费：再次创建之前，请先到平台自己的日志中查找该请求。"),
        };
    }

    /// <summary>Returns whether an error of this kind is about a task that the platform may have.</summary>
    private static bool IsAboutTask(Sora2ErrorKind kind) => (IsOver(kind) && kind != Sora2ErrorKind.InputModeration)
        || kind is Sora2ErrorKind.SubmissionUnknown or Sora2ErrorKind.WaitTimeout or Sora2ErrorKind.Download;

    /// <summary>Returns whether waiting for the task leads nowhere: it has ended without a video, or is not there.</summary>
    private static bool IsOver(Sora2ErrorKind kind) => kind is
        Sora2ErrorKind.TaskFailed or Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration or Sora2ErrorKind.TaskNotFound;

    /// <summary>Returns whether a culture is Chinese, by its name.</summary>
    /// <remarks>In a process without culture data, every other property of a culture is that of the invariant one.</remarks>
    private static bool IsChinese(CultureInfo culture) =>
        culture.Name.StartsWith("zh", StringComparison.OrdinalIgnoreCase) && culture.Name is { Length: 2 } or [_, _, '-' or '_', ..];
}
