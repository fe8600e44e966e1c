namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The tokens of <see cref="LenientJson"/>.</summary>
internal enum LenientToken
{
    /// <summary>The end of the JSON.</summary>
    End,

    /// <summary>The name of a field.</summary>
    Name,

    /// <summary>A quoted value.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An unquoted word: <c>true</c>, <c>null</c>, <c>NaN</c>, or one that is not JSON.</summary>
    Word,

    /// <summary><c>{</c> or <c>[</c>.</summary>
    Open,

    /// <summary><c>}</c> or <c>]</c>.</summary>
    Close,
}
