namespace Sora2.Sdk.Polling;

/// <summary>Distinguishes poll errors that say nothing about the task from those that end the wait.</summary>
internal static class PollErrors
{
    /// <summary>Whether an error says nothing about the task, the key or the account, so that it may be transient.</summary>
    /// <remarks>Only the platform's own API ends a wait, not a page of a gateway in front of it.</remarks>
    public static bool IsUnclear(Sora2ApiException e) => (int?)e.StatusCode switch
    {
        null or 401 or 402 => false,
        // The relay did not reach its upstream.
        400 or 422 => IsPage(e) || e.RawBody?.Contains("fail_to_fetch_task", StringComparison.Ordinal) == true,
        403 or 404 => !IsJson(e),
        _ => IsPage(e) || !ConcernsCall(e.Kind),
    };

    public static bool IsJson(Sora2ApiException e) => FirstCharacter(e) is '{' or '[';

    private static bool IsPage(Sora2ApiException e) => FirstCharacter(e) is '<';

    private static bool ConcernsCall(Sora2ErrorKind kind) => kind is Sora2ErrorKind.Authentication
        or Sora2ErrorKind.PermissionDenied
        or Sora2ErrorKind.InsufficientQuota
        or Sora2ErrorKind.TaskNotFound;

    private static char FirstCharacter(Sora2ApiException e) =>
        e.RawBody.AsSpan().TrimStart("\uFEFF \t\r\n") is [var first, ..] ? first : default;
}
