namespace Example;

public sealed record Clip(ClipState State, string? TaskId = null, string? Path = null);
