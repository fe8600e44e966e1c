namespace Sora2.Sdk.Submissions;

/// <summary>How a request is submitted: what only the SDK's own callers choose.</summary>
internal sealed record Attempting
{
    /// <summary>A create: it can be cancelled while it is sent, and begins no other attempt of a failed key.</summary>
    public static Attempting Once { get; } = new();

    /// <summary>Whether an attempt that began is not cancelled, so that its outcome is known.</summary>
    public bool CompletesOnceSent { get; init; }

    /// <summary>Whether another attempt begins if the last one of the key failed on the platform.</summary>
    public bool AgainIfFailed { get; init; }

    /// <summary>Whether another attempt begins if the outcome of the last one is unknown. It <b>may be paid twice</b>.</summary>
    public bool AgainIfUnknown { get; init; }

    /// <summary>Called whenever the request has to wait for a limit.</summary>
    public Action? OnWaiting { get; init; }

    /// <summary>The request as the caller wrote it; null if that is the one that is submitted.</summary>
    /// <remarks>A router names a model.</remarks>
    public GenerationRequest? Original { get; init; }
}
