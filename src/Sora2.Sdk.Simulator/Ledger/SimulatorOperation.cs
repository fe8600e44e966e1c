namespace Sora2.Sdk.Simulator;

/// <summary>What a request asked a simulated host to do.</summary>
public enum SimulatorOperation
{
    /// <summary>No known route.</summary>
    Unknown,

    /// <summary>Make a video. Paid when accepted.</summary>
    CreateVideo,

    /// <summary>Make a video from a storyboard. Paid when accepted. Zhenzhen has one route for both: there, a prompt that holds <c>Shot 1:</c> is a storyboard.</summary>
    CreateStoryboard,

    /// <summary>Make a character. Paid when accepted.</summary>
    CreateCharacter,

    /// <summary>Ask for the state of a task.</summary>
    Query,

    /// <summary>List the models.</summary>
    ListModels,

    /// <summary>Read a file: from the media host, or where <see cref="Sora2SimulatorOptions.VideoLinkKind"/> says so a video from a platform's own host.</summary>
    Media,
}
