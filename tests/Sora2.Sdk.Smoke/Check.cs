namespace Sora2.Sdk.Smoke;

/// <summary>Assertions: a failed one throws, the others are counted.</summary>
internal static class Check
{
    public static int Count { get; private set; }

    public static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Does not hold: {what}.");
        }

        Count++;
    }

    public static void Equal<T>(T expected, T actual, string what) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {expected}, got {actual}");

    public static async Task<TException> ThrowsAsync<TException>(Func<Task> act, string what)
        where TException : Exception
    {
        try
        {
            await act();
        }
        catch (TException e)
        {
            Count++;
            return e;
        }

        throw new InvalidOperationException($"Does not hold: {what} throws {typeof(TException).Name}.");
    }
}
