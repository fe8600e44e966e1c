using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>Creates a client's options as the framework does, but keeps the last valid ones when a reload brings others.</summary>
/// <remarks>
/// The framework's factory would throw out of the reload of the configuration provider, which ends the polling of a key vault and may end
/// the process, and its monitor would throw from then on. At the start, where there are no valid options yet, options that are not valid
/// throw as usual.
/// </remarks>
internal sealed class RetainingOptionsFactory(
    IEnumerable<IConfigureOptions<Sora2ClientOptions>> setups,
    IEnumerable<IPostConfigureOptions<Sora2ClientOptions>> postSetups,
    IEnumerable<IValidateOptions<Sora2ClientOptions>> validations)
    : IOptionsFactory<Sora2ClientOptions>
{
    private readonly OptionsFactory<Sora2ClientOptions> _inner = new(setups, postSetups, validations);
    private readonly ConcurrentDictionary<string, Sora2ClientOptions> _valid = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);

    public Sora2ClientOptions Create(string name)
    {
        try
        {
            var created = _valid[name] = _inner.Create(name);
            _refused.TryRemove(name, out _);
            return created;
        }
        catch (Exception e) when (_valid.TryGetValue(name, out var last)) // A setup of the host may throw anything.
        {
            var reason = LogSanitizer.SingleLine(e.Message, 2000);
            if (!_refused.TryGetValue(name, out var logged) || logged != reason) // Once, and not for every request that needs a snapshot.
            {
                _refused[name] = reason;
                ClientTelemetry.CreateLogger(last).ReloadRefused(Sora2Platform.AccountOf(last.Platform, name), reason);
            }

            return last;
        }
    }
}
