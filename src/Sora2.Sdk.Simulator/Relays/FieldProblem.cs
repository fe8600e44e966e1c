namespace Sora2.Sdk.Simulator;

/// <summary>A field that the platform does not take as it is.</summary>
internal sealed record FieldProblem(string Field, string Message);
