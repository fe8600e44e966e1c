using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One duration and quality that a model makes.</summary>
public sealed record VideoFormat
{
    /// <summary>The duration that both platforms make when a request has none.</summary>
    internal static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(10);

    /// <summary>The video's duration.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether it is in high definition.</summary>
    public bool HighDefinition { get; init; }

    /// <summary>How long the platform usually needs; one video in ten takes three times as long.</summary>
    /// <value><see langword="null"/> if it is not known. Source: 401 tasks and the platforms' documents, 2025.</value>
    public TimeSpan? TypicalTime { get; init; }

    /// <summary>Returns one readable line, such as <c>15 s in HD, usually made in 540 s</c>.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{DisplayFormat.Duration(Duration)}{(HighDefinition ? " in HD" : "")}",
        TypicalTime is { } typical ? $"usually made in {DisplayFormat.Duration(typical)}" : null);
}
