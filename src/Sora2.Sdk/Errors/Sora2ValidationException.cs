namespace Sora2.Sdk;

/// <summary>The request or a setting asks for something that cannot be. Nothing was sent, and nothing was charged by this call; the message names the value, the limit and the way out.</summary>
public sealed class Sora2ValidationException : Sora2Exception
{
    /// <summary>A refusal on this side.</summary>
    /// <param name="message">The value, the limit and the way out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public Sora2ValidationException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.InvalidRequest, message, innerException) => MayHaveBeenCharged = false;

    /// <summary>Whether the request is to be sent to no other account either.</summary>
    internal bool IsForEveryAccount { get; init; }
}
