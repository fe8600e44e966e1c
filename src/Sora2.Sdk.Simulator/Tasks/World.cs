using System.Collections.Concurrent;

namespace Sora2.Sdk.Simulator;

/// <summary>What the hosts share: the clock, the tasks, the characters and the links to media.</summary>
internal sealed class World(Sora2SimulatorOptions options)
{
    /// <summary>How many uploads are kept: enough for any request, not all that a server which runs for days was sent.</summary>
    private const int MostUploads = 64;

    private readonly ConcurrentDictionary<string, SimulatedTask> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SimulatedTask> _tasksByMedia = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<UploadedFile> _uploads = [];
    private readonly ConcurrentDictionary<string, SimulatedCharacter> _characters = new(StringComparer.Ordinal);

    public Sora2SimulatorOptions Options { get; } = options;

    public KeyRing Keys { get; } = new(options.ApiKey, takesBareKey: !options.Strict);

    public DateTimeOffset Now => Options.TimeProvider.GetUtcNow();

    public MediaLinks Links { get; } = new(options);

    // A day old: a date that a client may trust as it does a tag.
    public VideoFiles Files { get; } = new(options.MinimumVideoBytes, options.TimeProvider.GetUtcNow().AddDays(-1));

    public void Add(SimulatedTask task)
    {
        _tasks[task.Id] = task;
        _tasksByMedia[task.MediaName] = task;
    }

    public void Add(SimulatedCharacter character) => _characters[character.Username] = character;

    public void Add(UploadedFile file)
    {
        _uploads.Enqueue(file);
        if (_uploads.Count > MostUploads)
        {
            _uploads.TryDequeue(out _);
        }
    }

    public UploadedFile? FindUpload(string name) => _uploads.FirstOrDefault(file => file.MediaName == name);

    public SimulatedTask? FindTask(string id) => _tasks.GetValueOrDefault(id);

    public SimulatedTask? FindTaskByMedia(string name) => _tasksByMedia.GetValueOrDefault(name);

    public bool KnowsCharacter(string username) => _characters.ContainsKey(username);

    public MediaFile VideoOf(SimulatedTask task) => Files.VideoFor(task.Order, task.VideoVersion);

    /// <summary>The video that a request finds: another one from here on if its fault says so.</summary>
    public MediaFile VideoOf(SimulatedTask task, SimulatorFault fault)
    {
        if (fault.ChangesFile)
        {
            task.ChangeVideo();
        }

        return VideoOf(task);
    }

    public bool HasVideo(SimulatedTask task) => task.HasShownVideo || MomentOf(task).Stage == TaskStage.Succeeded;

    public TaskMoment MomentOf(SimulatedTask task) => TaskMoment.Of(task, Options.TaskDuration / Options.SpeedFactor, Now);
}
