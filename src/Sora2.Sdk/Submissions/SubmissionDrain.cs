using System.Diagnostics.CodeAnalysis;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Counts the creates under way. When the client is disposed or its host stops, no new one begins, those that have sent nothing end, and
/// those that were sent come to their outcome.
/// </summary>
/// <param name="platform">Whom the creates are for.</param>
[SuppressMessage("Design", "CA1001", Justification = "See Stopping")]
internal sealed class SubmissionDrain(Sora2Platform platform)
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private volatile bool _isDisposed;
    private int _open;

    /// <summary>Ends what a create does before it is sent, and between two attempts. Never disposed: creates read it until the end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins a create, which ends when this is disposed: its outcome is written down by then.</summary>
    /// <exception cref="Sora2Exception">The host stops.</exception>
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

    /// <summary>Counts what goes on after its create has ended for the caller. Called within one that was entered.</summary>
    public void Track(Task outcome)
    {
        lock (_gate)
        {
            _open++;
        }

        _ = outcome.ContinueWith(
            static (_, drain) => ((SubmissionDrain)drain!).Leave(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Returns why a create that was not sent is not sent any more.</summary>
    public Exception StoppedException() => _isDisposed
        ? new ObjectDisposedException(typeof(Sora2Client).FullName)
        : new Sora2Exception(
            Sora2ErrorKind.Stopping, "The application is stopping, so this create was not sent. Create it again after the restart.")
        {
            Platform = platform.Name,
        };

    /// <summary>Lets no create begin any more, because the host stops or the client is disposed.</summary>
    public void Stop(bool isDisposed)
    {
        lock (_gate)
        {
            _isDisposed |= isDisposed;
            _isStopping = true;
        }

        _stopping.Cancel();
    }

    /// <summary>Waits for the creates that were sent.</summary>
    /// <param name="timeout">For how long at most.</param>
    /// <param name="clock">The clock of that.</param>
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

    /// <summary>A create under way.</summary>
    public readonly struct Entry(SubmissionDrain drain) : IDisposable
    {
        public void Dispose() => drain.Leave();
    }
}
