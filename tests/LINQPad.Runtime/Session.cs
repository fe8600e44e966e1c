namespace LINQPad;

/// <summary>One run of a query: what it was asked and what it showed.</summary>
public sealed class Session
{
    private static readonly AsyncLocal<Session?> Running = new();

    public static Session Current => Running.Value ?? throw new InvalidOperationException("No query runs.");

    public required Func<string, string> Answer { get; init; }

    public List<object?> Shown { get; } = [];

    /// <summary>Starts a run for the calls that come from here.</summary>
    public void Begin() => Running.Value = this;
}
