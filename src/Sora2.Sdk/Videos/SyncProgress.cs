namespace Sora2.Sdk;

/// <summary>A progress that calls its handler at once, on the thread that reports.</summary>
/// <typeparam name="T">What is reported: a <see cref="VideoTask"/>, a <see cref="BatchProgress"/>, a <see cref="DownloadProgress"/>.</typeparam>
/// <remarks>
/// <see cref="Progress{T}"/> hands each report to another thread where there is no user interface: in a console program a call may have returned before the last reports are shown, or they come out of order. Take that one where a
/// handler has to run on the thread of a user interface. The handler holds up what reports, so it should be quick; what it throws ends the call, but never the task.
/// </remarks>
/// <example>
/// <code>
/// var task = await client.Videos.GenerateAsync(request, progress: new SyncProgress&lt;VideoTask&gt;(Console.WriteLine));
/// </code>
/// </example>
/// <param name="handler">Called with each report.</param>
/// <exception cref="ArgumentNullException">The handler is null.</exception>
public sealed class SyncProgress<T>(Action<T> handler) : IProgress<T>
{
    private readonly Action<T> _handler = handler ?? throw new ArgumentNullException(nameof(handler));

    /// <summary>Calls the handler.</summary>
    /// <param name="value">What to tell.</param>
    public void Report(T value) => _handler(value);
}
