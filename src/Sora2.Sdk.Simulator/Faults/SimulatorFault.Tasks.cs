using Sora2.Sdk.Simulator.Faults;
using Sora2.Sdk.Simulator.Relays;

namespace Sora2.Sdk.Simulator;

/// <content>Faults of an accepted task.</content>
public sealed partial record SimulatorFault
{
    /// <summary>Sets the statuses of the next queries of one task, one status for each query.</summary>
    /// <param name="statuses">
    /// The statuses as raw JSON, such as <c>"\"SUCCESS\""</c>, <c>102</c> or <c>null</c>; a null reference omits the field.
    /// </param>
    /// <remarks>
    /// On a create it applies to the created task; on a query it applies to the queried task, starting with that query. After the last
    /// status the task continues as usual.
    /// </remarks>
    /// <example><code>
    /// simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
    ///     .Then(SimulatorFault.StatusScript(["\"NOT_START\"", "\"\"", "null", null, "102", "103"]));
    /// </code></example>
    public static SimulatorFault StatusScript(IEnumerable<string?> statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        return StatusScript(statuses.Select(status => new ScriptedStatus(status)));
    }

    /// <summary>Sets the status, progress, video and failure reason of the next queries of one task, one entry for each query.</summary>
    /// <param name="statuses">The statuses, one for each query.</param>
    /// <remarks>See <see cref="StatusScript(IEnumerable{string})"/> for the task that it applies to.</remarks>
    public static SimulatorFault StatusScript(IEnumerable<ScriptedStatus> statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        return new(nameof(StatusScript)) { ProcessesRequest = true, Script = new TaskScript([.. statuses], FailureReason: null) };
    }

    /// <summary>Creates and bills a task that runs for a while and then fails.</summary>
    /// <param name="reason">The failure reason; null uses the platform's text about its content policy.</param>
    public static SimulatorFault TaskFails(string? reason = null) =>
        new(nameof(TaskFails)) { ProcessesRequest = true, Script = new TaskScript([], reason ?? PlatformErrors.PolicyViolation) };
}
