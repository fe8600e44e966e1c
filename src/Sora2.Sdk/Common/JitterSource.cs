namespace Sora2.Sdk.Common;

/// <summary>Where all jitter comes from: the same on every run with a seed.</summary>
internal sealed class JitterSource(int? seed)
{
#pragma warning disable RS0030 // the one place
    private readonly Random _random = seed is { } value ? new Random(value) : Random.Shared;
#pragma warning restore RS0030

    /// <summary>A number from 0 up to, but not with, 1.</summary>
    public double Next()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    /// <summary>A number from 0 up to <paramref name="share"/>.</summary>
    public double UpTo(double share) => share == 0 ? 0 : Next() * share;
}
