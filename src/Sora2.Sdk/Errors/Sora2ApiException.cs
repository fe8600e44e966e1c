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
}
