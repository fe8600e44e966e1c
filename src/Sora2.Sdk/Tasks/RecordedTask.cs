namespace Sora2.Sdk.Tasks;

/// <summary>Makes a task of what its record says.</summary>
internal static class RecordedTask
{
    /// <summary>Returns the task of a record that has an id. Its link is not recorded.</summary>
    public static VideoTask From(TaskRecord record) => new()
    {
        PlatformName = record.PlatformName,
        ClientName = record.ClientName,
        Id = record.TaskId!,
        Status = record.State switch
        {
            TaskRecordState.Failed => VideoTaskStatus.Failed,
            TaskRecordState.Completed or TaskRecordState.Downloaded => VideoTaskStatus.Succeeded,
            _ => VideoTaskStatus.Unknown,
        },
        FailureReason = record.State == TaskRecordState.Failed ? record.Error : null,
        Prompt = record.Prompt,
        Key = record.Key,
        Metadata = record.Metadata,
        Model = record.Model,
        Record = record,
    };
}
