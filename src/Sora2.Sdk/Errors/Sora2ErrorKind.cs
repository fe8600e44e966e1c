using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>The kinds of error, the same for all platforms.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Sora2ErrorKind>))]
public enum Sora2ErrorKind
{
    /// <summary>No other kind applies; the message has all that is known.</summary>
    Unknown = 0,

    /// <summary>A value of the request or a setting is not valid.</summary>
    InvalidRequest = 1,

    /// <summary>The key is missing, wrong or expired.</summary>
    Authentication = 2,

    /// <summary>The key is valid but lacks the permission, or its account is blocked.</summary>
    PermissionDenied = 3,

    /// <summary>The account, or the key's own budget, is out of money.</summary>
    InsufficientQuota = 4,

    /// <summary>Too many requests in a short time. Transient.</summary>
    RateLimited = 5,

    /// <summary>The platform's own upstream has no capacity; the request was not accepted. Transient.</summary>
    Saturated = 6,

    /// <summary>No channel serves this model for this key: the model is gone, misspelt, or not in the key's group.</summary>
    ModelUnavailable = 7,

    /// <summary>The platform does not know the task. Just after the create this may be transient.</summary>
    TaskNotFound = 8,

    /// <summary>Moderation refused the prompt or an image.</summary>
    InputModeration = 9,

    /// <summary>Moderation withheld the finished video.</summary>
    OutputModeration = 10,

    /// <summary>The address is not this platform's API: it returned a web page, a redirect or an unknown route.</summary>
    WrongEndpoint = 11,

    /// <summary>The platform, or a gateway in front of it, failed. Usually transient.</summary>
    ServerError = 12,

    /// <summary>The response is not what the platform documents, or is truncated.</summary>
    UnreadableResponse = 13,

    /// <summary>The platform could not be reached, or the connection broke.</summary>
    Network = 14,

    /// <summary>A call exceeded its timeout.</summary>
    Timeout = 15,

    /// <summary>A paid request was sent and its outcome is not known.</summary>
    SubmissionUnknown = 16,

    /// <summary>The platform reports the task as failed, for a reason other than moderation.</summary>
    TaskFailed = 17,

    /// <summary>The wait exceeded its timeout; the task continues.</summary>
    WaitTimeout = 18,

    /// <summary>A video could not be downloaded completely.</summary>
    Download = 19,

    /// <summary>Local data, a task record or the character library, could not be read or written.</summary>
    /// <remarks>A task that was accepted by then continues, and the error has its id.</remarks>
    Storage = 20,

    /// <summary>The application is stopping: no new create is sent. A create in flight is finished before the client is disposed.</summary>
    Stopping = 21,
}
