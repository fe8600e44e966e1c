namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What an object in a response describes; it decides which of its fields are read.</summary>
internal enum TaskPart : byte
{
    /// <summary>Nothing that is read.</summary>
    Ignored,

    /// <summary>A task, or the envelope around it.</summary>
    Task,

    /// <summary>A task in <c>output</c>.</summary>
    Output,

    /// <summary>A task in <c>result</c> or <c>response</c>.</summary>
    Result,

    Detail,
    PendingInfo,
    DraftInfo,
    Error,
    BaseResponse,

    /// <summary>Addresses of one priority.</summary>
    Urls,

    /// <summary>An unknown object, or JSON that an error quotes: it may contain an id.</summary>
    Unknown,
}
