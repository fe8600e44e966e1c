using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.Diagnostics;

/// <summary>
/// The log, but for what it throws: the framework passes on what a log provider throws, such as a full disk, and the id of a task that was just paid for is not lost over a line about it. What a listener to spans
/// or metrics throws is kept from the calls in the same way.
/// </summary>
internal sealed class NonThrowingLogger(ILogger log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return log.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false; // There is nowhere to tell it.
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            log.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nowhere to tell it.
        }
    }
}
