namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Progress that is told at once, on the thread that tells it, in order.</summary>
internal sealed class Immediate<T>(Action<T> handle) : IProgress<T>
{
    public void Report(T value) => handle(value);
}
