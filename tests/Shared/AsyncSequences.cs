namespace Sora2.Sdk.TestSupport;

public static class AsyncSequences
{
    /// <summary>Returns all items of a sequence; .NET 8 has no such method.</summary>
    public static async Task<List<T>> CollectAsync<T>(this IAsyncEnumerable<T> source)
    {
        var all = new List<T>();
        await foreach (var item in source)
        {
            all.Add(item);
        }

        return all;
    }
}
