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

    /// <summary>Whether it is sure that nothing of the call was sent.</summary>
    internal bool NothingSent { get; init; }

    /// <summary>The same error, told as the last of several attempts.</summary>
    internal Sora2ApiException After(IReadOnlyList<Sora2ApiException> failures) => failures.Count < 2 ? this : Copy(
        $"{Message} This was attempt {failures.Count}; the ones before: {string.Join(", ", failures.SkipLast(1).Select(failure => failure.StatusCode is { } status ? string.Create(CultureInfo.InvariantCulture, $"{failure.Kind} {(int)status}") : failure.Kind.ToString()))}.",
        failures.Count, IsTransient, MayHaveBeenCharged);

    /// <summary>The same error, of a call that had a task accepted before: to make that call again would pay again.</summary>
    internal Sora2ApiException AfterAcceptance() => Copy(Message, Attempts, isTransient: false, mayHaveBeenCharged: true);

    /// <summary>The same error, of a cause that does not pass by itself.</summary>
    internal Sora2ApiException ThatStays() => Copy(Message, Attempts, isTransient: false, MayHaveBeenCharged);

    /// <summary>The same error, as one that passes: what was asked is asked again.</summary>
    internal Sora2ApiException AsTransient() => Copy(Message, Attempts, isTransient: true, MayHaveBeenCharged);

    private Sora2ApiException Copy(string message, int attempts, bool isTransient, bool? mayHaveBeenCharged) => new(Kind, message, InnerException)
    {
        IsTransient = isTransient,
        MayHaveBeenCharged = mayHaveBeenCharged,
        NothingSent = NothingSent,
        Platform = Platform,
        TaskId = TaskId,
        RequestId = RequestId,
        Request = Request,
        Attempts = attempts,
        StatusCode = StatusCode,
        RetryAfter = RetryAfter,
        RawBody = RawBody,
    };
}
