using System.Collections.Concurrent;

namespace Sora2.Sdk.Submissions;

/// <summary>Lets the creates of one key through one after the other.</summary>
internal sealed class KeyTurns
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn of a create with this key.</summary>
    /// <returns>The turn, which ends when it is disposed; nothing without a key.</returns>
    public async ValueTask<Turn?> EnterAsync(string? key, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return null;
        }

        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_turns.GetOrAdd(key, own) is var current && current != own)
        {
            await current.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return new Turn(this, key, own);
    }

    /// <summary>The turn of one create.</summary>
    internal sealed class Turn(KeyTurns turns, string key, TaskCompletionSource end) : IDisposable
    {
        public void Dispose()
        {
            turns._turns.TryRemove(KeyValuePair.Create(key, end));
            end.TrySetResult();
        }
    }
}
