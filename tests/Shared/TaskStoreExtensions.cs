namespace Sora2.Sdk.TestSupport;

public static class TaskStoreExtensions
{
    /// <summary>Returns all records, the oldest first.</summary>
    public static Task<List<TaskRecord>> RecordsAsync(this ITaskStore store, CancellationToken cancellationToken) =>
        store.ListAsync(cancellationToken: cancellationToken).CollectAsync();
}
