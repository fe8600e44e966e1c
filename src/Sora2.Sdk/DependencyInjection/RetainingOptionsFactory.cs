using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.DependencyInjection;

/// <summary>
/// Makes a client's settings as the framework does, but a reload that brings bad ones leaves the last good ones in force, for everybody who asks. The framework's own way would throw out of the
/// configuration provider's reload, which ends the polling of a key vault and may end the process, and would leave a monitor that throws from then on. At the start, when nothing good was
/// there before, bad settings throw as ever.
/// </summary>
internal sealed class RetainingOptionsFactory(
    IEnumerable<IConfigureOptions<Sora2ClientOptions>> setups, IEnumerable<IPostConfigureOptions<Sora2ClientOptions>> postSetups, IEnumerable<IValidateOptions<Sora2ClientOptions>> validations)
    : IOptionsFactory<Sora2ClientOptions>
{
    private readonly OptionsFactory<Sora2ClientOptions> _inner = new(setups, postSetups, validations);
    private readonly ConcurrentDictionary<string, Sora2ClientOptions> _good = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);

    public Sora2ClientOptions Create(string name)
    {
        try
        {
            var made = _good[name] = _inner.Create(name);
            _refused.TryRemove(name, out _);
            return made;
        }
        catch (Exception e) when (_good.TryGetValue(name, out var last)) // whatever a setup of the host's own throws
        {
            var reason = LogSanitizer.SingleLine(e.Message, 2000);
            if (!_refused.TryGetValue(name, out var told) || told != reason) // once, and not for every request that wants a snapshot
            {
                _refused[name] = reason;
                ClientTelemetry.CreateLogger(last).ReloadRefused(Sora2Platform.AccountOf(last.Platform, name), reason);
            }

            return last;
        }
    }
}
