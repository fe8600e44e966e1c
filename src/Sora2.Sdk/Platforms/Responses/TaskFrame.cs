namespace Sora2.Sdk.Platforms.Responses;

/// <summary>An object or list that <see cref="TaskReader"/> is reading.</summary>
internal struct TaskFrame
{
    public TaskPart Part;
    public byte Level;
    public byte UrlPriority;

    /// <summary>Of a list: the field that contains it.</summary>
    public TaskField Field;
    public bool IsList;

    /// <summary>Whether an unknown object has an id, which counts if the object turns out to be a task.</summary>
    public bool HasPendingId;

    /// <summary>Whether an unknown object has a status or kind that only tasks have.</summary>
    public bool IsTask;

    /// <summary>The number of values read.</summary>
    public int Index;

    /// <summary>Returns the frame of an object or list that begins in this one.</summary>
    public TaskFrame Enter(TaskField field, bool isList)
    {
        var name = IsList ? Field : field;
        var isFurther = IsList && Index > 0;
        Index++;
        if (isList)
        {
            // A list counts as its first entry.
            var list = name == TaskField.None && !IsList ? Child(name) : this;
            return list with { Field = name, IsList = true, Index = isFurther ? 1 : 0, HasPendingId = false, IsTask = false };
        }

        if (IsList && name == TaskField.None)
        {
            var part = isFurther ? TaskPart.Ignored : Part;
            return this with { IsList = false, Index = 0, Part = part, HasPendingId = false, IsTask = false };
        }

        var child = Child(name);
        return isFurther && child.Part is TaskPart.Task or TaskPart.Output or TaskPart.Result
            ? child with { Part = TaskPart.Ignored }
            : child;
    }

    /// <summary>Returns the frame of an unnamed entry of this list: that of the list itself for the first entry.</summary>
    public readonly TaskFrame Entry() => this with { IsList = false, Part = Index == 0 ? Part : TaskPart.Ignored };

    /// <summary>Returns the frame of the object in a field.</summary>
    public readonly TaskFrame Child(TaskField field)
    {
        var inner = Math.Min(Level + 1, TaskLevels.Max - 1);
        return Part switch
        {
            TaskPart.Task or TaskPart.Output or TaskPart.Result => field switch
            {
                TaskField.Data or TaskField.Task => Create(TaskPart.Task, inner),
                TaskField.Output => Create(TaskPart.Output, inner),
                TaskField.Result or TaskField.Response => Create(TaskPart.Result, inner),
                TaskField.Detail => Create(TaskPart.Detail, Level),
                TaskField.Error or TaskField.Errors => Create(TaskPart.Error, Level),
                TaskField.BaseResponse => Create(TaskPart.BaseResponse, Level),
                TaskField.PendingInfo => Create(TaskPart.PendingInfo, Level),
                TaskField.Echo => default,
                _ => VideoUrlPriority.Find(field, Part) is { } priority
                    ? Create(TaskPart.Urls, Level, priority)
                    : Create(TaskPart.Unknown, inner),
            },
            TaskPart.Urls when UrlPriority == VideoUrlPriority.Metadata => default,
            TaskPart.Urls => VideoUrlPriority.Find(field, TaskPart.Task) is null ? default : Create(TaskPart.Urls, Level, UrlPriority),
            TaskPart.Detail => field switch
            {
                TaskField.PendingInfo => Create(TaskPart.PendingInfo, Level),
                TaskField.DraftInfo => Create(TaskPart.DraftInfo, Level),
                _ => default,
            },
            TaskPart.Error => field is TaskField.Error or TaskField.Errors or TaskField.Detail ? Create(TaskPart.Error, Level) : default,
            TaskPart.Unknown => field is TaskField.Echo or TaskField.Error or TaskField.Errors
                ? default
                : Create(TaskPart.Unknown, inner),
            _ => default,
        };

        static TaskFrame Create(TaskPart part, int level, int urlPriority = 0) =>
            new() { Part = part, Level = (byte)level, UrlPriority = (byte)urlPriority };
    }
}
