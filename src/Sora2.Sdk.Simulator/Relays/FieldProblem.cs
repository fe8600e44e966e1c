namespace Sora2.Sdk.Simulator.Relays;

/// <summary>A field that the platform rejects, and the reason.</summary>
internal sealed record FieldProblem(string Field, string Message);
