using System.Globalization;

namespace Sora2.Sdk;

/// <summary>The platform answered with an error, or could not be reached.</summary>
public sealed class Sora2ApiException : Sora2Exception
{
    /// <summary>An error of a call.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What the platform said, innermost text first, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public Sora2ApiException(Sora2ErrorKind kind, string message, Exception? innerException = null)
        : base(kind, message, innerException)
    {
    }

    /// <summary>The same error, told as the last of several attempts.</summary>
    internal Sora2ApiException After(IReadOnlyList<Sora2ApiException> failures) => failures.Count < 2 ? this : new(
        Kind,
        $"{Message} This was attempt {failures.Count}; the ones before: {string.Join(", ", failures.SkipLast(1).Select(failure => failure.StatusCode is { } status ? string.Create(CultureInfo.InvariantCulture, $"{failure.Kind} {(int)status}") : failure.Kind.ToString()))}.",
        InnerException)
    {
        IsTransient = IsTransient,
        MayHaveBeenCharged = MayHaveBeenCharged,
        Platform = Platform,
        TaskId = TaskId,
        RequestId = RequestId,
        Request = Request,
        Attempts = failures.Count,
        StatusCode = StatusCode,
        RetryAfter = RetryAfter,
        RawBody = RawBody,
    };
}
