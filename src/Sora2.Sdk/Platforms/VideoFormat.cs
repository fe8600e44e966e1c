using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One length and quality that a model makes.</summary>
/// <param name="Duration">How long the video is.</param>
/// <param name="HighDefinition">Whether it is in high definition.</param>
/// <param name="TypicalTime">How long it takes to make as a rule; one in ten takes three times as long. Source: 401 tasks and the platforms' documents.</param>
public sealed record VideoFormat(TimeSpan Duration, bool HighDefinition, TimeSpan TypicalTime)
{
    /// <summary>One readable line, such as <c>15 s in HD, made in 540 s as a rule</c>.</summary>
    public override string ToString() => $"{DisplayFormat.Duration(Duration)}{(HighDefinition ? " in HD" : "")}, made in {DisplayFormat.Duration(TypicalTime)} as a rule";
}
