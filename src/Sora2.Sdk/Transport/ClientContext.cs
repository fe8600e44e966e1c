using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Tasks;

namespace Sora2.Sdk.Transport;

/// <summary>What all parts of one client share.</summary>
/// <param name="Name">The client's name, "" for the default.</param>
/// <param name="Platform">The platform's adapter.</param>
/// <param name="Key">The API key, which can rotate.</param>
/// <param name="Options">The client's own copy of its options.</param>
/// <param name="Tasks">What is remembered of the tasks that the client created.</param>
/// <param name="Telemetry">Logs, traces and metrics.</param>
/// <param name="Jitter">The source of random deviations of delays.</param>
internal sealed record ClientContext(
    string Name,
    Sora2Platform Platform,
    ApiKey Key,
    Sora2ClientOptions Options,
    KnownTasks Tasks,
    ClientTelemetry Telemetry,
    JitterSource Jitter)
{
    public TimeProvider Clock => Options.TimeProvider;
}
