namespace Sora2.Sdk.Simulator;

/// <summary>The operation that a request asks a simulated host for.</summary>
public enum SimulatorOperation
{
    /// <summary>The request matches no route.</summary>
    Unknown,

    /// <summary>Creates a video, or remixes a finished one (<c>/v1/videos/{id}/remix</c>). Billed when accepted.</summary>
    CreateVideo,

    /// <summary>Creates a video from a storyboard. Billed when accepted.</summary>
    /// <remarks>On Juxin every create on <c>/v1/videos</c>; on Zhenzhen a create whose prompt contains <c>Shot 1:</c>.</remarks>
    CreateStoryboard,

    /// <summary>Creates a character. Billed when accepted.</summary>
    CreateCharacter,

    /// <summary>Queries the state of a task.</summary>
    Query,

    /// <summary>Lists the models.</summary>
    ListModels,

    /// <summary>Reads a file from the media host, or from <c>/v1/videos/{id}/content</c> on a platform's own host.</summary>
    Media,

    /// <summary>Uploads a file to a platform. Free.</summary>
    UploadFile,

    /// <summary>Reads the balance or quota of the key. Free.</summary>
    Account,

    /// <summary>A browser's preflight request, which asks whether a page may send its next request.</summary>
    Preflight,
}
