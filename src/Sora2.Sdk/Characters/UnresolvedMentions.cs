namespace Sora2.Sdk;

/// <summary>What a client does about a prompt that mentions a name which its character library does not know.</summary>
public enum UnresolvedMentions
{
    /// <summary>
    /// Refuses a name that is nearly one that the library knows, since it is a slip that would be paid for; sends all others as they are.
    /// The default.
    /// </summary>
    RefuseSimilar = 0,

    /// <summary>
    /// Refuses every name that the library does not know. What has the form of a username (<c>@hfspncadz.mooflapand</c>) is sent unless it
    /// is nearly a known one.
    /// </summary>
    Refuse = 1,

    /// <summary>Sends all of them as they are.</summary>
    Send = 2,
}
