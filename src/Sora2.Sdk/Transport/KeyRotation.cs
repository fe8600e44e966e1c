using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Rotates the key of a client when it changes in the application's settings. Nothing else changes. A key that comes with another platform
/// or address belongs there, and must not be sent to the old one.
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

    /// <param name="settings">The application's settings.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="made">The options that the client was created with.</param>
    /// <param name="key">The client's key.</param>
    /// <param name="telemetry">The client's telemetry.</param>
    public KeyRotation(
        IOptionsMonitor<Sora2ClientOptions> settings, string name, Sora2ClientOptions made, ApiKey key, ClientTelemetry telemetry)
    {
        (_settings, _name, _made, _key, _telemetry) = (settings, name, made, key, telemetry);
        _subscription = settings.OnChange((_, changed) =>
        {
            if (changed == name)
            {
                Update();
            }
        });
        Update(); // The settings may have changed since the client was created.
    }

    public void Dispose() => _subscription?.Dispose();

    private void Update()
    {
        try
        {
            // Two reloads at once may report their settings in the wrong order; read under the lock, they are the latest.
            lock (_gate)
            {
                var latest = _settings.Get(_name);
                if (!HasSameAddress(latest))
                {
                    Refused("Another platform or address needs a restart; the new key belongs to it, so the old key stays in use.");
                }
                else if (_key.Rotate(latest.ApiKey!, _made.TimeProvider))
                {
                    _telemetry.Log.KeyRotated(_telemetry.Account);
                }
            }
        }
        catch (Exception e) // Else the reload of the configuration would throw.
        {
            Refused(_telemetry.Reason(e));
        }
    }

    private bool HasSameAddress(Sora2ClientOptions latest) =>
        string.Equals(latest.Platform, _made.Platform, StringComparison.OrdinalIgnoreCase)
        && latest.BaseAddress == _made.BaseAddress
        && latest.FallbackBaseAddresses.SequenceEqual(_made.FallbackBaseAddresses);

    private void Refused(string reason) => _telemetry.Log.ReloadRefused(_telemetry.Account, reason);
}
