namespace Sora2.Sdk;

/// <summary>An <see cref="IProgress{T}"/> that calls its handler synchronously, on the thread that reports.</summary>
/// <typeparam name="T">The type of the reports: <see cref="VideoTask"/>, <see cref="BatchProgress"/> or
/// <see cref="DownloadProgress"/>.</typeparam>
/// <remarks>
/// <para>
/// Use <see cref="Progress{T}"/> if the handler has to run on the thread of a user interface. Without one, it calls the handler on other
/// threads, so in a console program reports can arrive late or out of order.
/// </para>
/// <para>
/// The handler should be quick, as the operation waits for it. An exception that it throws ends the call, but never the task on the
/// platform.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var task = await client.Videos.GenerateAsync(request, progress: new SyncProgress&lt;VideoTask&gt;(Console.WriteLine));
/// </code>
/// </example>
/// <param name="handler">Called with each report.</param>
/// <exception cref="ArgumentNullException">The handler is <see langword="null"/>.</exception>
public sealed class SyncProgress<T>(Action<T> handler) : IProgress<T>
{
    private readonly Action<T> _handler = handler ?? throw new ArgumentNullException(nameof(handler));

    /// <summary>Calls the handler.</summary>
    /// <param name="value">The report.</param>
    public void Report(T value) => _handler(value);
}
