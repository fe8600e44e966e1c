using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Which characters of a library to find.</summary>
public sealed record CharacterQuery
{
    /// <summary>A part of an alias, username or display name, without a leading <c>@</c>.</summary>
    /// <value><see langword="null"/> or empty, the default, for all.</value>
    /// <remarks>
    /// Text and names are compared in the form of <see cref="CharacterLibrary.NormalizeName"/>. A <see cref="CharacterLibrary"/> passes the
    /// text to its store in that form.
    /// </remarks>
    public string? Text { get; init; }

    /// <summary>The characters to search, which also sets their order.</summary>
    /// <value><see cref="CharacterFilter.All"/> by default.</value>
    public CharacterFilter Filter { get; init; }

    /// <summary>The most characters to return, from 1.</summary>
    /// <value><see langword="null"/>, the default, for no limit.</value>
    public int? Limit { get; init; }

    /// <summary>Returns one line with what is set.</summary>
    public override string ToString() => DisplayFormat.Join(
        Filter.ToString(),
        string.IsNullOrEmpty(Text) ? null : LogSanitizer.Quoted(Text),
        Limit is { } limit ? FormattableString.Invariant($"at most {limit}") : null);

    /// <exception cref="ArgumentOutOfRangeException">The filter or the limit is out of range.</exception>
    internal static void Validate(CharacterQuery query)
    {
        if (!Enum.IsDefined(query.Filter))
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.Filter, "The filter is not a member of CharacterFilter.");
        }

        if (query.Limit < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, "The limit has to be at least 1.");
        }
    }
}
