namespace Sora2.Sdk;

/// <summary>How a client treats a prompt that mentions a name which its character library does not have.</summary>
public enum UnresolvedMentions
{
    /// <summary>
    /// Refuses a name that is similar to one in the library, as a misspelt mention would be paid for, and sends all others unchanged. The
    /// default.
    /// </summary>
    RefuseSimilar = 0,

    /// <summary>Refuses every name that the library does not have.</summary>
    /// <remarks>
    /// A name in the form of a username (<c>@hfspncadz.mooflapand</c>) is sent, unless it is similar to one in the library.
    /// </remarks>
    Refuse = 1,

    /// <summary>Sends every name unchanged.</summary>
    Send = 2,
}
