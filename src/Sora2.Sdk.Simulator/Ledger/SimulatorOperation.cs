namespace Sora2.Sdk.Simulator;

/// <summary>What a request asked a simulated host to do.</summary>
public enum SimulatorOperation
{
    /// <summary>No known route.</summary>
    Unknown,

    /// <summary>Make a video, or another from a finished one (<c>/v1/videos/{id}/remix</c>). Paid when accepted.</summary>
    CreateVideo,

    /// <summary>Make a video from a storyboard. Paid when accepted. On Juxin it is every create on <c>/v1/videos</c>; on Zhenzhen a prompt that holds <c>Shot 1:</c> is one.</summary>
    CreateStoryboard,

    /// <summary>Make a character. Paid when accepted.</summary>
    CreateCharacter,

    /// <summary>Ask for the state of a task.</summary>
    Query,

    /// <summary>List the models.</summary>
    ListModels,

    /// <summary>Read a file: from the media host, or a task's video or picture from <c>/v1/videos/{id}/content</c> on its platform's own host.</summary>
    Media,

    /// <summary>Upload a file to a platform. Free.</summary>
    UploadFile,

    /// <summary>Ask for the balance or the quota of the key. Free.</summary>
    Account,

    /// <summary>A browser's question whether a page may send the request that comes next.</summary>
    Preflight,
}
