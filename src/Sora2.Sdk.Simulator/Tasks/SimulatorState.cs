using System.Collections.Concurrent;
using Sora2.Sdk.Simulator.Media;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>The state that the hosts share: the clock, the keys, tasks, characters, uploads and links to media.</summary>
internal sealed class SimulatorState(Sora2SimulatorOptions options)
{
    /// <summary>The number of uploads kept: enough for any request, bounded for a server that runs for days.</summary>
    private const int MaxUploads = 64;

    private readonly ConcurrentDictionary<string, SimulatedTask> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SimulatedTask> _tasksByMedia = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<UploadedFile> _uploads = [];
    private readonly ConcurrentDictionary<string, SimulatedCharacter> _characters = new(StringComparer.Ordinal);

    public Sora2SimulatorOptions Options { get; } = options;

    public KeyRing Keys { get; } = new(options.ApiKey, acceptsBareKey: !options.Strict);

    public DateTimeOffset Now => Options.TimeProvider.GetUtcNow();

    public MediaLinks Links { get; } = new(options);

    // One day old: a client may use a Last-Modified well before Date like an ETag.
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
        if (_uploads.Count > MaxUploads)
        {
            _uploads.TryDequeue(out _);
        }
    }

    public UploadedFile? FindUpload(string name) => _uploads.FirstOrDefault(file => file.MediaName == name);

    public SimulatedTask? FindTask(string id) => _tasks.GetValueOrDefault(id);

    public SimulatedTask? FindTaskByMedia(string name) => _tasksByMedia.GetValueOrDefault(name);

    public bool KnowsCharacter(string username) => _characters.ContainsKey(username);

    public MediaFile VideoOf(SimulatedTask task) => Files.VideoFor(task.Parameters, task.VideoVersion);

    /// <summary>Returns the video for a request, after replacing it where the request's fault requires that.</summary>
    public MediaFile VideoOf(SimulatedTask task, SimulatorFault fault)
    {
        if (fault.ReplacesFile)
        {
            task.ReplaceVideo();
        }

        return VideoOf(task);
    }

    public bool HasVideo(SimulatedTask task) => task.HasReportedVideo || SnapshotOf(task).Stage == TaskStage.Succeeded;

    public TaskSnapshot SnapshotOf(SimulatedTask task) => TaskSnapshot.Create(task, Options.TaskDuration / Options.SpeedFactor, Now);
}
