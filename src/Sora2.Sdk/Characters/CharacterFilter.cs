using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>Which characters of a library to search.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CharacterFilter>))]
public enum CharacterFilter
{
    /// <summary>All characters, in the order in which they were added.</summary>
    All = 0,

    /// <summary>The favourites, in the order in which they were added.</summary>
    Favorites = 1,

    /// <summary>The characters that were used, the most recent first.</summary>
    RecentlyUsed = 2,
}
