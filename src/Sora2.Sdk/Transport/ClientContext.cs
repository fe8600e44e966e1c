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

    /// <summary>Throws if a handle has no id, or names another account.</summary>
    /// <exception cref="ArgumentException">The id is empty, or is none.</exception>
    /// <exception cref="Sora2ValidationException">The task belongs to another account.</exception>
    public void CheckOwns(TaskHandle task)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskIdValidator.Check(task.Id, nameof(task));
        if (task.PlatformName is { } platform && (platform != Platform.Name || (task.ClientName is { } client && client != Name)))
        {
            throw new Sora2ValidationException(
                $"Task {LogSanitizer.SingleLine(task.Id)} belongs to {Sora2Platform.AccountOf(platform, task.ClientName ?? "")}, "
                + $"and this client is {Sora2Platform.AccountOf(Platform.Name, Name)}. "
                + "Use that client or a router that has it, or pass the id alone.")
            {
                TaskId = task.Id,
            };
        }
    }
}
