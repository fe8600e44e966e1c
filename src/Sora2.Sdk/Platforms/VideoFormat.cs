using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One duration and quality that a model makes.</summary>
/// <param name="Duration">The video's duration.</param>
/// <param name="HighDefinition">Whether it is in high definition.</param>
/// <param name="TypicalTime">
/// How long the platform usually needs; one video in ten takes three times as long. Source: 401 tasks and the platforms' documents.
/// </param>
public sealed record VideoFormat(TimeSpan Duration, bool HighDefinition, TimeSpan TypicalTime)
{
    /// <summary>The duration that both platforms make when a request has none.</summary>
    internal static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(10);

    /// <summary>Returns one readable line, such as <c>15 s in HD, usually made in 540 s</c>.</summary>
    public override string ToString() =>
        $"{DisplayFormat.Duration(Duration)}{(HighDefinition ? " in HD" : "")}, usually made in {DisplayFormat.Duration(TypicalTime)}";
}
