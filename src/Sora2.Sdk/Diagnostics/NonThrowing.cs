namespace Sora2.Sdk.Diagnostics;

/// <summary>Calls loggers and listeners of the application, and swallows what they throw.</summary>
/// <remarks>
/// The framework passes on what a log provider or listener throws, such as a full disk. That must not fail a call, or lose the id of a task
/// that was just paid for, and there is nowhere to report it.
/// </remarks>
internal static class NonThrowing
{
    public static void Invoke<TState>(Action<TState> action, TState state)
    {
        try
        {
            action(state);
        }
        catch (Exception)
        {
            // See the remarks.
        }
    }

    /// <summary>Returns the default value when the function throws.</summary>
    public static TResult? Invoke<TState, TResult>(Func<TState, TResult> function, TState state)
    {
        try
        {
            return function(state);
        }
        catch (Exception)
        {
            return default;
        }
    }
}
