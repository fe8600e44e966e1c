namespace Sora2.Sdk.Simulator;

/// <summary>The kind of address that a finished task returns for its video.</summary>
public enum VideoLinkKind
{
    /// <summary>A signed link to the media host, which refuses every request that carries the API key.</summary>
    /// <remarks><c>/v1/videos/{id}/content</c> serves the file as well.</remarks>
    MediaHost,

    /// <summary><c>/v1/videos/{id}/content</c> on the platform's own host, as in OpenAI's video API.</summary>
    /// <remarks>It requires the key and serves the file itself.</remarks>
    Content,

    /// <summary>The same address, which requires the key and redirects (302) to a signed link to the media host.</summary>
    RedirectingContent,
}
