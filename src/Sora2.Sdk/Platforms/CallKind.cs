namespace Sora2.Sdk.Platforms;

/// <summary>What a call is for. It decides the time-out and whether the call may be repeated.</summary>
public enum CallKind
{
    /// <summary>Asks for something that is there. Free of charge; repeated on passing faults.</summary>
    Query = 0,

    /// <summary>Creates a video. Costs money; sent once.</summary>
    CreateVideo = 1,

    /// <summary>Creates a video of several shots. Costs money; sent once.</summary>
    CreateStoryboard = 2,

    /// <summary>Creates a character. Counts as paid; sent once.</summary>
    CreateCharacter = 3,

    /// <summary>Fetches a video or an image, from a media host or the API. Free of charge; an adapter never encodes it.</summary>
    Media = 4,
}
