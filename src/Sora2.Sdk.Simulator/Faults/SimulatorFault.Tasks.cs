namespace Sora2.Sdk.Simulator;

/// <content>What goes wrong with a task that was accepted.</content>
public sealed partial record SimulatorFault
{
    /// <summary>
    /// The next queries of one task answer with these statuses, one a query; after them the task runs on as usual. On a create it is the task made,
    /// on a query the task asked for, starting with that very query.
    /// </summary>
    /// <param name="statuses">The statuses as raw JSON, such as <c>"\"SUCCESS\""</c>, <c>102</c> or <c>null</c>; a null reference leaves the field out.</param>
    /// <example><code>
    /// simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
    ///     .Then(SimulatorFault.StatusScript(["\"NOT_START\"", "\"\"", "null", null, "102", "103"]));
    /// </code></example>
    public static SimulatorFault StatusScript(IEnumerable<string?> statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        return StatusScript(statuses.Select(status => new ScriptedStatus(status)));
    }

    /// <summary>As <see cref="StatusScript(IEnumerable{string})"/>, with the progress, the video and the failure reason of each answer under control as well.</summary>
    /// <param name="statuses">The answers, one a query.</param>
    public static SimulatorFault StatusScript(IEnumerable<ScriptedStatus> statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        return new(nameof(StatusScript)) { TakesRequest = true, Course = new TaskCourse([.. statuses], FailureReason: null) };
    }

    /// <summary>The task that is made is billed, runs for a while and then fails.</summary>
    /// <param name="reason">The reason; null gives the platform's text about its content policy.</param>
    public static SimulatorFault TaskFails(string? reason = null) =>
        new(nameof(TaskFails)) { TakesRequest = true, Course = new TaskCourse([], reason ?? PlatformErrors.PolicyViolation) };
}
