using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Hands a key that changes in an application's settings to the client that runs with them. Nothing else is taken over. A key that comes with another platform or address belongs there: this client, which goes
/// on as it was made, must not send it to the old one.
/// </summary>
internal sealed class KeyRotation : IDisposable
{
    private readonly object _gate = new();
    private readonly IOptionsMonitor<Sora2ClientOptions> _settings;
    private readonly string _name;
    private readonly Sora2ClientOptions _made;
    private readonly ApiKey _key;
    private readonly ClientTelemetry _telemetry;
    private readonly IDisposable? _subscription;

    /// <param name="settings">The application's.</param>
    /// <param name="name">The client's.</param>
    /// <param name="made">What the client was made with.</param>
    /// <param name="key">The client's.</param>
    /// <param name="telemetry">The client's.</param>
    public KeyRotation(IOptionsMonitor<Sora2ClientOptions> settings, string name, Sora2ClientOptions made, ApiKey key, ClientTelemetry telemetry)
    {
        (_settings, _name, _made, _key, _telemetry) = (settings, name, made, key, telemetry);
        _subscription = settings.OnChange((_, changed) =>
        {
            if (changed == name)
            {
                TakeOver();
            }
        });
        TakeOver(); // What changed since the client was made.
    }

    public void Dispose() => _subscription?.Dispose();

    private void TakeOver()
    {
        try
        {
            // Two reloads at once may tell of their settings in the wrong order. Asked for under the lock, they are the latest.
            lock (_gate)
            {
                var latest = _settings.Get(_name);
                if (!GoesToTheSame(latest))
                {
                    Refused("Another platform or address takes a restart, and the key that came with it belongs there.");
                }
                else if (_key.Rotate(latest.ApiKey!, _made.TimeProvider))
                {
                    _telemetry.Log.KeyRotated(_telemetry.Account);
                }
            }
        }
        catch (Exception e) // It would come out of the configuration's reload.
        {
            Refused(_telemetry.Reason(e));
        }
    }

    private bool GoesToTheSame(Sora2ClientOptions latest) =>
        string.Equals(latest.Platform, _made.Platform, StringComparison.OrdinalIgnoreCase)
        && latest.BaseAddress == _made.BaseAddress
        && latest.FallbackBaseAddresses.SequenceEqual(_made.FallbackBaseAddresses);

    private void Refused(string reason) => _telemetry.Log.ReloadRefused(_telemetry.Account, reason);
}
