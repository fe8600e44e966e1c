namespace Sora2.Sdk.Simulator;

/// <summary>A create request that was understood.</summary>
internal sealed record VideoOrder
{
    public required string Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>Whole seconds; null where the request left them out, which makes 10.</summary>
    public required int? Seconds { get; init; }

    public required bool Portrait { get; init; }

    public bool HighDefinition { get; init; }

    /// <summary>The URLs of reference images, or the names of uploaded ones.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The request's field that holds the length.</summary>
    public required string SecondsField { get; init; }

    /// <summary>The task whose video is made anew; null for a video of its own.</summary>
    public string? RemixedFrom { get; init; }

    public int Length => Seconds ?? 10;

    public string Size => Portrait ? "720x1280" : "1280x720";
}
