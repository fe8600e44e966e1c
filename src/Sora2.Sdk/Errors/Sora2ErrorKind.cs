using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>What went wrong, in one vocabulary for all platforms.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Sora2ErrorKind>))]
public enum Sora2ErrorKind
{
    /// <summary>Nothing more is known than the message says.</summary>
    Unknown = 0,

    /// <summary>The request, or a setting, asks for something that cannot be.</summary>
    InvalidRequest = 1,

    /// <summary>The key is missing, wrong or expired.</summary>
    Authentication = 2,

    /// <summary>The key is good, but may not do this.</summary>
    PermissionDenied = 3,

    /// <summary>The account, or the key's own budget, is out of money.</summary>
    InsufficientQuota = 4,

    /// <summary>Too many requests in a short time. Passes by itself.</summary>
    RateLimited = 5,

    /// <summary>The platform's own upstream is full; the request was not taken. Passes by itself.</summary>
    Saturated = 6,

    /// <summary>No channel serves this model for this key: it is gone, misspelt, or not in the key's group.</summary>
    ModelUnavailable = 7,

    /// <summary>The platform does not know the task; just after it was created this may pass.</summary>
    TaskNotFound = 8,

    /// <summary>The prompt or an image was refused by moderation.</summary>
    InputModeration = 9,

    /// <summary>The video that was made was withheld by moderation.</summary>
    OutputModeration = 10,

    /// <summary>The address is not that of this platform's API: a web page, a redirect or an unknown route answered.</summary>
    WrongEndpoint = 11,

    /// <summary>The platform, or a gateway before it, is in trouble. Passes by itself as a rule.</summary>
    ServerError = 12,

    /// <summary>The answer is not what the platform documents, or was cut short.</summary>
    UnreadableResponse = 13,

    /// <summary>The platform could not be reached, or the connection broke.</summary>
    Network = 14,

    /// <summary>A call took longer than its time-out.</summary>
    Timeout = 15,

    /// <summary>A paid request left, and no answer told what became of it.</summary>
    SubmissionUnknown = 16,

    /// <summary>The platform gave the task up, for a reason that is not moderation.</summary>
    TaskFailed = 17,

    /// <summary>Waiting ran out of patience; the task goes on.</summary>
    WaitTimeout = 18,

    /// <summary>A video could not be downloaded whole.</summary>
    Download = 19,

    /// <summary>Something kept on this side, a task's record or the character library, could not be read or written. What was accepted by then goes on, and the error carries its id.</summary>
    Storage = 20,

    /// <summary>The application is stopping: no new create is sent. What was sent comes to its outcome before the client is disposed.</summary>
    Stopping = 21,
}
