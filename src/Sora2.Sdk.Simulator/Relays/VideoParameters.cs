namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The parameters of a valid create request.</summary>
internal sealed record VideoParameters
{
    public required string Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The length in whole seconds; null where the request omits it, which means 10.</summary>
    public required int? Seconds { get; init; }

    public required bool Portrait { get; init; }

    public bool HighDefinition { get; init; }

    /// <summary>The addresses of reference images, or the names of uploaded files.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The request field that contains the length.</summary>
    public required string SecondsField { get; init; }

    /// <summary>The id of the task whose video is remixed; null for a new video.</summary>
    public string? RemixedFrom { get; init; }

    public int Length => Seconds ?? 10;

    public string Size => Portrait ? "720x1280" : "1280x720";
}
