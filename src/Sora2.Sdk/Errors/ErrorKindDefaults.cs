namespace Sora2.Sdk.Errors;

/// <summary>The defaults of an exception that follow from its kind alone; the table is in docs/errors.md.</summary>
internal static class ErrorKindDefaults
{
    /// <summary>Returns whether a later attempt may succeed without a change.</summary>
    public static bool IsTransient(Sora2ErrorKind kind) => kind is
        Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated or Sora2ErrorKind.ServerError or Sora2ErrorKind.UnreadableResponse
        or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout or Sora2ErrorKind.Download;

    /// <summary>Returns the default of <see cref="Sora2Exception.MayHaveBeenCharged"/> for a kind.</summary>
    public static bool? MayHaveBeenCharged(Sora2ErrorKind kind) => kind switch
    {
        Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.Authentication or Sora2ErrorKind.PermissionDenied
            or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated
            or Sora2ErrorKind.ModelUnavailable or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.InputModeration
            or Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.Stopping => false,
        Sora2ErrorKind.WaitTimeout or Sora2ErrorKind.Download => true,
        _ => null,
    };
}
