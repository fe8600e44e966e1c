namespace Sora2.Sdk;

/// <summary>A request or a setting that is not valid. This call sent nothing and was not charged.</summary>
/// <remarks>The message names the value, the limit and the next step.</remarks>
public sealed class Sora2ValidationException : Sora2Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The value, the limit and the next step.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public Sora2ValidationException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.InvalidRequest, message, innerException) => MayHaveBeenCharged = false;

    /// <summary>Whether no other account of a router may send the request either.</summary>
    internal bool IsForEveryAccount { get; init; }
}
