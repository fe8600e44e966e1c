using Sora2.Sdk.Common;
using Sora2.Sdk.Tasks;

namespace Sora2.Sdk.Transport;

/// <summary>Selects the base addresses of a call, in order.</summary>
/// <remarks>
/// The next one is used only when nothing was sent to the one before; one that responded is preferred for a while, and a task is queried at
/// the address that created it.
/// </remarks>
internal sealed class EndpointSelector
{
    private static readonly TimeSpan PreferenceTime = TimeSpan.FromMinutes(5);

    private readonly string[] _addresses;
    private readonly TimeProvider _clock;
    private readonly KnownTasks _tasks;
    private volatile Preference? _preference;

    public EndpointSelector(Sora2ClientOptions options, Sora2Platform platform, KnownTasks tasks)
    {
        _tasks = tasks;
        _clock = options.TimeProvider;
        _addresses = [.. options.FallbackBaseAddresses
            .Prepend(options.BaseAddress ?? platform.DefaultBaseAddress)
            .Select(ApiAddress.Normalise)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Returns the addresses to try, in order.</summary>
    public IReadOnlyList<string> For(string? taskId)
    {
        if (_addresses.Length == 1)
        {
            return _addresses;
        }

        if (taskId is not null && _tasks.Find(taskId)?.Address is { } creator)
        {
            return [creator];
        }

        return _preference is { } preference && preference.Until > _clock.GetUtcNow()
            ? [preference.Address, .. _addresses.Where(address => address != preference.Address)]
            : _addresses;
    }

    /// <summary>Reports that an address responded: if it is not the first, it is preferred for a while.</summary>
    public void Responded(string address)
    {
        if (address == _addresses[0])
        {
            _preference = null;
        }
        else if (_preference?.Address != address || _preference.Until <= _clock.GetUtcNow())
        {
            _preference = new Preference(address, _clock.GetUtcNow() + PreferenceTime);
        }
    }

    /// <summary>Reports which address created a task.</summary>
    public void Created(string taskId, string address)
    {
        if (_addresses.Length > 1)
        {
            _tasks.FindOrAdd(taskId).Address = address;
        }
    }

    private sealed record Preference(string Address, DateTimeOffset Until);
}
