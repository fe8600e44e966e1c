namespace LINQPad;

/// <summary>One run of a query: its input and its output.</summary>
public sealed class Session
{
    private static readonly AsyncLocal<Session?> Running = new();

    public static Session Current => Running.Value ?? throw new InvalidOperationException("No query is running.");

    public required Func<string, string> Reply { get; init; }

    public List<object?> Shown { get; } = [];

    /// <summary>Starts a run for calls from the current execution context.</summary>
    public void Begin() => Running.Value = this;
}
