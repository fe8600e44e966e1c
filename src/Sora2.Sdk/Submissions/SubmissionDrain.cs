using System.Diagnostics.CodeAnalysis;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Counts the submissions under way. When the client is disposed or its host stops, no new one begins, those not sent yet end, and those
/// that were sent continue to their outcome.
/// </summary>
/// <param name="platform">The platform's adapter.</param>
[SuppressMessage("Design", "CA1001", Justification = "See Stopping")]
internal sealed class SubmissionDrain(Sora2Platform platform)
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private volatile bool _isDisposed;
    private int _open;

    /// <summary>Cancels a submission before it is sent, and between attempts. Not disposed: submissions read it until they end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins a submission. It ends when the entry is disposed, after its outcome is written.</summary>
    /// <exception cref="Sora2Exception">The host is stopping.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public Entry Enter()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                throw StoppedException();
            }

            _open++;
            return new Entry(this);
        }
    }

    /// <summary>Counts work that continues after the submission has ended for its caller. Called before its entry is disposed.</summary>
    public void Track(Task outcome)
    {
        lock (_gate)
        {
            _open++;
        }

        _ = outcome.ContinueWith(
            static (_, drain) => ((SubmissionDrain)drain!).Leave(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Returns the exception of a create that was not sent because of the stop.</summary>
    public Exception StoppedException() => _isDisposed
        ? new ObjectDisposedException(typeof(Sora2Client).FullName)
        : new Sora2Exception(
            Sora2ErrorKind.Stopping, "The application is stopping, so this create was not sent. Create it again after the restart.")
        {
            PlatformName = platform.Name,
        };

    /// <summary>Refuses new submissions: the host is stopping, or the client is disposed.</summary>
    public void Stop(bool isDisposed)
    {
        lock (_gate)
        {
            _isDisposed |= isDisposed;
            _isStopping = true;
        }

        _stopping.Cancel();
    }

    /// <summary>Waits for the submissions that were sent.</summary>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="clock">The clock for the timeout.</param>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider clock)
    {
        lock (_gate)
        {
            if (_open == 0)
            {
                return;
            }
        }

        await _idle.Task.WaitAsync(timeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Leave()
    {
        lock (_gate)
        {
            _open--;
            if (_open == 0 && _isStopping)
            {
                _idle.TrySetResult();
            }
        }
    }

    /// <summary>A submission under way.</summary>
    public readonly struct Entry(SubmissionDrain drain) : IDisposable
    {
        public void Dispose() => drain.Leave();
    }
}
