using System.Text.Json;

#pragma warning disable // each of these is wrong on purpose

namespace Sora2.Sdk.Tests.Support;

/// <summary>A type for each rule of <see cref="Conventions"/> that violates it.</summary>
public static class Bad
{
    public interface WithoutToken
    {
        Task CreateAsync(string prompt);
    }

    public interface WithDefault
    {
        int Grown => 1;
    }

    public sealed class WithHiddenDefault : WithDefault;

    public sealed record Settable
    {
        public string? Id { get; set; }
    }

    public sealed class NotConstructible
    {
        internal NotConstructible()
        {
        }
    }

    public sealed record PartlyConstructible
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

    public sealed class CancelsBySystemClock
    {
        public void Start(CancellationToken token)
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(token);
            source.CancelAfter(1000);
        }
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

    public sealed class ThrowsWithoutPlatform
    {
        public void Throw() => throw new Sora2ApiException(Sora2ErrorKind.Network, "No response.");
    }

    public sealed class NamesThePlatformOfAnother
    {
        public VideoTask Read(bool isComplete) => isComplete
            ? new VideoTask { PlatformName = "juxin", Id = "t", Status = VideoTaskStatus.InProgress }
            : throw new Sora2ApiException(Sora2ErrorKind.UnreadableResponse, "Truncated response.");
    }

    public sealed class LosesItsTask
    {
        public void Throw() => throw new DownloadException("The connection broke.") { PlatformName = "juxin" };
    }

    public sealed class LosesTheTaskItIsGiven
    {
        public void Throw(string taskId) => throw new Sora2ApiException(Sora2ErrorKind.Network, "No response.") { PlatformName = "juxin" };
    }

    public sealed class LosesTheTaskItWaitsFor
    {
        public async Task WaitAsync(VideoTask task, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            throw new Sora2ApiException(Sora2ErrorKind.Network, $"No response about {task.Id}.") { PlatformName = "juxin" };
        }
    }

    public sealed class LosesTheTaskItIsAbout(string taskId)
    {
        public string Throw() =>
            throw new Sora2ApiException(Sora2ErrorKind.Network, $"No response about {taskId}.") { PlatformName = "juxin" };
    }
}
