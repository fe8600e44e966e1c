namespace Sora2.Sdk.Common;

/// <summary>The source of all jitter; with a seed the same on every run.</summary>
internal sealed class JitterSource(int? seed)
{
#pragma warning disable RS0030 // The only place that creates random numbers.
    private readonly Random _random = seed is { } value ? new Random(value) : Random.Shared;
#pragma warning restore RS0030

    /// <summary>Returns a number from 0 to less than 1.</summary>
    public double Next()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    /// <summary>Returns a number from 0 to less than <paramref name="share"/>.</summary>
    public double UpTo(double share) => share == 0 ? 0 : Next() * share;
}
