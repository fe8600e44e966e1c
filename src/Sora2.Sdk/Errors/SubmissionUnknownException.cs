namespace Sora2.Sdk;

/// <summary>
/// A paid request left, and no answer told what became of it. It may have been accepted and charged; sending it again may pay twice. Look the task up in
/// the platform's own log, by time, before anything else. <see cref="Exception.InnerException"/> says what happened.
/// </summary>
public sealed class SubmissionUnknownException : Sora2Exception
{
    /// <summary>An unknown outcome.</summary>
    /// <param name="message">What happened and how to find out more.</param>
    /// <param name="innerException">What came in place of an answer.</param>
    public SubmissionUnknownException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.SubmissionUnknown, message, innerException) => MayHaveBeenCharged = null;

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset SentAt { get; init; }
}
