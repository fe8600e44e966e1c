namespace Sora2.Sdk;

/// <summary>Which characters of a library a search looks at.</summary>
public enum CharacterFilter
{
    /// <summary>All of them, in the order in which they were added.</summary>
    All = 0,

    /// <summary>The favourites, in the order in which they were added.</summary>
    Favorites = 1,

    /// <summary>Those that were used, the most recent first.</summary>
    RecentlyUsed = 2,
}
