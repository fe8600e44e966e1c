namespace Sora2.Sdk.Simulator;

/// <summary>Which address a finished task gives for its video.</summary>
public enum VideoLinkKind
{
    /// <summary>A signed link to the media host, which refuses everybody who shows it the key. <c>/v1/videos/{id}/content</c> serves the file as well.</summary>
    MediaHost,

    /// <summary><c>/v1/videos/{id}/content</c> on the platform's own host, as in OpenAI's video API: it wants the key and serves the file itself.</summary>
    Content,

    /// <summary>The same address, which wants the key and answers with 302 to a signed link to the media host.</summary>
    RedirectingContent,
}
