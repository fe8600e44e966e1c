using System.Globalization;

namespace Sora2.Sdk;

/// <summary>An error response from the platform, or a platform that could not be reached.</summary>
public sealed class Sora2ApiException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">The platform's text, the innermost first, and the next step.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public Sora2ApiException(Sora2ErrorKind kind, string message, Exception? innerException = null)
        : base(kind, message, innerException)
    {
    }

    private Sora2ApiException(Sora2ApiException original, string message)
        : base(original, original.Kind, message)
    {
        NothingSent = original.NothingSent;
        IsAccountBlocked = original.IsAccountBlocked;
    }

    /// <summary>Whether it is certain that no part of the call was sent.</summary>
    internal bool NothingSent { get; init; }

    /// <summary>Whether the platform has blocked the account, so that no create of any model is accepted.</summary>
    internal bool IsAccountBlocked { get; init; }

    /// <summary>Returns this error with the earlier failed attempts of the call in its message.</summary>
    /// <param name="failures">All failed attempts, this one included.</param>
    internal Sora2ApiException WithAttempts(IReadOnlyList<Sora2ApiException> failures)
    {
        if (failures.Count < 2)
        {
            return this;
        }

        var earlier = failures.SkipLast(1).Select(failure => failure.StatusCode is { } status
            ? string.Create(CultureInfo.InvariantCulture, $"{failure.Kind} {(int)status}")
            : failure.Kind.ToString());
        var message = $"{Message} This was attempt {failures.Count}; earlier attempts: {string.Join(", ", earlier)}.";
        return Copy(message, failures.Count, IsTransient, MayHaveBeenCharged);
    }

    /// <summary>Returns this error as one of a call whose task was accepted: the same call again would be charged again.</summary>
    internal Sora2ApiException AsAccepted() => Copy(Message, Attempts, isTransient: false, mayHaveBeenCharged: true);

    /// <summary>Returns this error as one that a retry may fix.</summary>
    internal Sora2ApiException AsTransient() => Copy(Message, Attempts, isTransient: true, MayHaveBeenCharged);

    private Sora2ApiException Copy(string message, int attempts, bool isTransient, bool? mayHaveBeenCharged) => new(this, message)
    {
        PlatformName = PlatformName,
        Attempts = attempts,
        IsTransient = isTransient,
        MayHaveBeenCharged = mayHaveBeenCharged,
    };
}
