using System.Collections.Concurrent;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>
/// The ordered base addresses of one platform. A call goes to the first; to the next only when nothing of it was sent. The one that answered is kept for a while,
/// and a task is asked for at the address that made it.
/// </summary>
internal sealed class EndpointSelector
{
    /// <summary>
    /// Of how many tasks the maker is remembered, the newest. Nobody may ever ask for the others again, so that they are dropped.
    /// </summary>
    internal const int MaxMakers = 100_000;

    private static readonly TimeSpan Loyalty = TimeSpan.FromMinutes(5);

    private readonly string[] _addresses;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, string> _makers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _made = new();
    private volatile Preference? _preference;

    public EndpointSelector(Sora2ClientOptions options, Sora2Platform platform)
    {
        _clock = options.TimeProvider;
        _addresses = [.. options.FallbackBaseAddresses.Prepend(options.BaseAddress ?? platform.DefaultBaseAddress).Select(ApiAddress.Normalise).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The addresses to try, in order.</summary>
    public IReadOnlyList<string> For(string? taskId)
    {
        if (_addresses.Length == 1)
        {
            return _addresses;
        }

        if (taskId is not null && _makers.TryGetValue(taskId, out var maker))
        {
            return [maker];
        }

        return _preference is { } preference && preference.Until > _clock.GetUtcNow()
            ? [preference.Address, .. _addresses.Where(address => address != preference.Address)]
            : _addresses;
    }

    /// <summary>An address answered: after the first did not, it stays the first choice for a while.</summary>
    public void Answered(string address)
    {
        if (address == _addresses[0])
        {
            _preference = null;
        }
        else if (_preference?.Address != address || _preference.Until <= _clock.GetUtcNow())
        {
            _preference = new Preference(address, _clock.GetUtcNow() + Loyalty);
        }
    }

    public void Made(string taskId, string address)
    {
        if (_addresses.Length == 1)
        {
            return;
        }

        _makers[taskId] = address;
        _made.Enqueue(taskId);
        if (_made.Count > MaxMakers && _made.TryDequeue(out var oldest) && oldest != taskId)
        {
            _makers.TryRemove(oldest, out _);
        }
    }

    /// <summary>How many tasks' makers are remembered.</summary>
    internal int Makers => _makers.Count;

    public void Ended(string taskId) => _makers.TryRemove(taskId, out _);

    private sealed record Preference(string Address, DateTimeOffset Until);
}
