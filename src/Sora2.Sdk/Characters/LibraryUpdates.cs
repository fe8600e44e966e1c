namespace Sora2.Sdk.Characters;

/// <summary>Writes to a character library after a create was accepted.</summary>
internal static class LibraryUpdates
{
    /// <summary>Updates a library.</summary>
    /// <param name="update">The update.</param>
    /// <param name="failed">Reports that it failed, or that it takes longer than the timeout.</param>
    /// <param name="timeout">How long the library may delay the result of the create.</param>
    /// <param name="clock">The clock for the timeout.</param>
    /// <remarks>
    /// Never throws and waits for the timeout at most, so that what was paid for is not lost; a slow library may finish later.
    /// </remarks>
    public static async Task RunAsync(Func<Task> update, Action<Exception> failed, TimeSpan timeout, TimeProvider clock)
    {
        // On another thread, as an application's own store may block.
        var updated = Task.Run(async () =>
        {
            try
            {
                await update().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failed(e); // The create was accepted: returning its result matters more than the library.
            }
        });
        try
        {
            await updated.WaitAsync(timeout, clock).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            failed(e);
        }
    }
}
