using System.Text.Json;

#pragma warning disable // each of these is wrong on purpose

namespace Sora2.Sdk.Tests.Support;

/// <summary>One type for each rule of <see cref="Conventions"/> that breaks it.</summary>
public static class Bad
{
    public interface WithoutToken
    {
        Task CreateAsync(string prompt);
    }

    public sealed record Settable
    {
        public string? Id { get; set; }
    }

    public sealed class OnlyOurs
    {
        internal OnlyOurs()
        {
        }
    }

    public sealed record PartlyOurs
    {
        public string? Id { get; internal init; }
    }

    public class Open
    {
        public int Undocumented { get; }
    }

    public sealed class TaskManager;

    public sealed class StrayException : Exception;

    public sealed class AsyncVoid
    {
        public async void Start() => await Task.Yield();
    }

    public sealed class CapturesContext
    {
        public async Task WaitAsync(Task other, CancellationToken cancellationToken = default) => await other;
    }

    public sealed class ReadsTheClock
    {
        public DateTime Now { get; } = DateTime.UtcNow;
    }

    public sealed class Sleeps
    {
        public void Wait() => Thread.Sleep(1);
    }

    public sealed class Delays
    {
        public Task WaitAsync(CancellationToken cancellationToken = default) => Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
    }

    public sealed class SetsATimer
    {
        public IDisposable Start() => new Timer(_ => { }, null, 1, 1);
    }

    public sealed class GivesUpByTheMachinesClock
    {
        public CancellationTokenSource Start() => new(TimeSpan.FromSeconds(1));
    }

    public sealed class WaitsForALock
    {
        public Task<bool> WaitAsync(SemaphoreSlim turn, CancellationToken cancellationToken = default) => turn.WaitAsync(TimeSpan.FromSeconds(1), cancellationToken);
    }

    public sealed class EndsByTheMachinesClock
    {
        public void Start(CancellationToken token)
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(token);
            source.CancelAfter(1000);
        }
    }

    public sealed class Rolls
    {
        public double Next() => Random.Shared.NextDouble();
    }

    public sealed class SerialisesByReflection
    {
        public string Write(object value) => JsonSerializer.Serialize(value);
    }

    public sealed class MakesTypes
    {
        public Type Of<T>(Type type) => type.MakeGenericType(typeof(T));
    }

    public sealed class KnowsAPath
    {
        public string Path(string id) => "/proxy/v1/video/query?id=" + id;
    }

    public sealed class ThrowsFromNowhere
    {
        public void Throw() => throw new Sora2ApiException(Sora2ErrorKind.Network, "Nobody answered.");
    }

    public sealed class NamesThePlatformOfAnother
    {
        public VideoTask Read(bool isWhole) => isWhole ? new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.InProgress } : throw new Sora2ApiException(Sora2ErrorKind.UnreadableResponse, "Half an answer.");
    }

    public sealed class LosesItsTask
    {
        public void Throw() => throw new DownloadException("It broke off.") { Platform = "juxin" };
    }

    public sealed class LosesTheTaskItIsGiven
    {
        public void Throw(string taskId) => throw new Sora2ApiException(Sora2ErrorKind.Network, "Nobody answered.") { Platform = "juxin" };
    }

    public sealed class LosesTheTaskItWaitsFor
    {
        public async Task WaitAsync(VideoTask task, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            throw new Sora2ApiException(Sora2ErrorKind.Network, $"Nobody answered about {task.Id}.") { Platform = "juxin" };
        }
    }

    public sealed class LosesTheTaskItIsAbout(string taskId)
    {
        public string Throw() => throw new Sora2ApiException(Sora2ErrorKind.Network, $"Nobody answered about {taskId}.") { Platform = "juxin" };
    }
}
