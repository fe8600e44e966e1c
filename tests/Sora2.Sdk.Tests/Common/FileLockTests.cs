using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tests.Common;

public sealed class FileLockTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("sora2-lock").FullName, "x.lock");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Lock_has_one_owner_at_a_time_although_its_file_is_deleted()
    {
        var (owners, acquired, violations) = (0, 0, 0);

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 3000; i++)
            {
                try
                {
                    using var handle = FileLock.Acquire(_path);
                    Interlocked.Increment(ref acquired);
                    if (Interlocked.Increment(ref owners) != 1 || !File.Exists(_path))
                    {
                        Interlocked.Increment(ref violations);
                    }

                    Interlocked.Decrement(ref owners);
                }
                catch (IOException e) when (FileLock.IsTaken(e))
                {
                    // Tried again by the loop.
                }
            }
        });

        Assert.Equal(0, violations);
        Assert.True(acquired > 1);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void Lock_that_is_taken_is_reported()
    {
        using var handle = FileLock.Acquire(_path);

        Assert.True(FileLock.IsTaken(Assert.Throws<IOException>(() => FileLock.Acquire(_path))));
    }

    [Fact]
    public void Lock_file_of_a_killed_process_does_not_block()
    {
        File.WriteAllText(_path, "");

        FileLock.Acquire(_path).Dispose();

        Assert.False(File.Exists(_path));
    }
}
