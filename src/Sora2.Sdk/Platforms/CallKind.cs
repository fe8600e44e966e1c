namespace Sora2.Sdk.Platforms;

/// <summary>The kind of a call, which decides its timeout and whether it may be retried.</summary>
public enum CallKind
{
    /// <summary>Reads something. Free of charge; retried after transient errors.</summary>
    Query = 0,

    /// <summary>Creates a video. Costs money; sent once.</summary>
    CreateVideo = 1,

    /// <summary>Creates a video of several shots. Costs money; sent once.</summary>
    CreateStoryboard = 2,

    /// <summary>Creates a character. Counts as paid; sent once.</summary>
    CreateCharacter = 3,

    /// <summary>Fetches a video or an image, from a media host or the API. Free of charge; an adapter never encodes it.</summary>
    Media = 4,

    /// <summary>Creates a changed version of a video. Costs money; sent once.</summary>
    CreateRemix = 5,
}
