using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Which records of a task store to list.</summary>
public sealed record TaskRecordFilter
{
    /// <summary>The states of the records.</summary>
    /// <value><see langword="null"/>, the default, for all.</value>
    public IReadOnlyCollection<TaskRecordState>? States { get; init; }

    /// <summary>The <see cref="TaskRecord.PlatformName"/> of the records.</summary>
    /// <value><see langword="null"/>, the default, for all.</value>
    public string? PlatformName { get; init; }

    /// <summary>The <see cref="TaskRecord.ClientName"/> of the records.</summary>
    /// <value><see langword="null"/>, the default, for all.</value>
    public string? ClientName { get; init; }

    /// <summary>The <see cref="TaskRecord.Id"/> after which the list begins: the last one of the page before.</summary>
    /// <value><see langword="null"/>, the default, for the first page.</value>
    public string? AfterId { get; init; }

    /// <summary>The largest number of records.</summary>
    /// <value>1 or more; <see langword="null"/>, the default, for all.</value>
    public int? Limit { get; init; }

    /// <summary>Returns whether a record meets all conditions except <see cref="Limit"/>.</summary>
    /// <param name="record">The record.</param>
    /// <returns>Whether it does.</returns>
    public bool Matches(TaskRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return (States is null || States.Contains(record.State))
            && (PlatformName is null || record.PlatformName == PlatformName)
            && (ClientName is null || record.ClientName == ClientName)
            && (AfterId is null || string.CompareOrdinal(record.Id, AfterId) > 0);
    }

    /// <summary>Returns the conditions in one line.</summary>
    public override string ToString() => DisplayFormat.Join(
        States is null ? "any state" : string.Join(", ", States),
        PlatformName is null ? null : $"on {LogSanitizer.SingleLine(PlatformName)}",
        ClientName is null ? null : $"of {LogSanitizer.SingleLine(ClientName)}",
        AfterId is null ? null : $"after {LogSanitizer.SingleLine(AfterId)}",
        Limit is { } limit ? FormattableString.Invariant($"at most {limit}") : null);
}
