using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.Diagnostics;

/// <summary>A logger that swallows what the log providers throw; see <see cref="NonThrowing"/>.</summary>
internal sealed class NonThrowingLogger(ILogger log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) =>
        NonThrowing.Invoke(static call => call.log.IsEnabled(call.logLevel), (log, logLevel));

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => NonThrowing.Invoke(
            static call => call.log.Log(call.logLevel, call.eventId, call.state, call.exception, call.formatter),
            (log, logLevel, eventId, state, exception, formatter));
}
