using System.Net;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.Diagnostics;

/// <summary>
/// Every line the SDK logs. An id never changes its meaning and is never used again; docs/telemetry.md lists them. What happens to tasks is Information or above, calls are Debug, what the caller
/// wrote is Trace and asked for. Nothing gets here that holds a key, a signed query or the content of an image.
/// </summary>
internal static partial class Log
{
    // 10 to 19: creates.
    [LoggerMessage(10, LogLevel.Information, "{Account} accepted task {TaskId}, a {Operation} ({Model}), after {Elapsed:0.###} s.")]
    public static partial void TaskAccepted(this ILogger log, string account, string taskId, string operation, string model, double elapsed);

    [LoggerMessage(11, LogLevel.Information, "{Account} made character {Username}, after {Elapsed:0.###} s.")]
    public static partial void CharacterCreated(this ILogger log, string account, string username, double elapsed);

    [LoggerMessage(12, LogLevel.Warning, "{Account} did not take the {Operation} ({Model}): {Reason}")]
    public static partial void CreateRefused(this ILogger log, string account, string operation, string model, string reason);

    [LoggerMessage(13, LogLevel.Error, "A {Operation} ({Model}) may run and be charged on {Account}, and its id is not known: {Reason}")]
    public static partial void SubmissionUnknown(this ILogger log, string account, string operation, string model, string reason);

    [LoggerMessage(14, LogLevel.Information, "The {Operation} ({Model}) was cancelled before it was sent to {Account}.")]
    public static partial void CreateCanceled(this ILogger log, string account, string operation, string model);

    [LoggerMessage(15, LogLevel.Warning, "{Account} is busy; the batch creates nothing for {Pause:0.###} s, and goes on then: {Reason}")]
    public static partial void BatchPaused(this ILogger log, string account, double pause, string reason);

    [LoggerMessage(16, LogLevel.Error, "{Account} was busy for longer than the batch waits ({Timeout:0.###} s): {Reason}")]
    public static partial void BatchGaveUp(this ILogger log, string account, double timeout, string reason);

    // 20 to 29: waits.
    [LoggerMessage(20, LogLevel.Information, "Task {TaskId} on {Account} is {Status} ({RawStatus}) at {Progress}%.")]
    public static partial void StatusChanged(this ILogger log, string account, string taskId, VideoTaskStatus status, string? rawStatus, double? progress);

    [LoggerMessage(21, LogLevel.Information, "Task {TaskId} on {Account} succeeded.")]
    public static partial void TaskSucceeded(this ILogger log, string account, string taskId);

    [LoggerMessage(22, LogLevel.Warning, "Task {TaskId} on {Account} failed ({Kind}): {Reason}")]
    public static partial void TaskFailed(this ILogger log, string account, string taskId, Sora2ErrorKind kind, string? reason);

    [LoggerMessage(23, LogLevel.Warning, "The wait for task {TaskId} on {Account} ran out; the task goes on: {Reason}")]
    public static partial void WaitTimedOut(this ILogger log, string account, string taskId, string reason);

    [LoggerMessage(24, LogLevel.Information, "The wait for task {TaskId} on {Account} was given up by the caller; the task goes on.")]
    public static partial void WaitCanceled(this ILogger log, string account, string taskId);

    [LoggerMessage(25, LogLevel.Error, "The wait for task {TaskId} on {Account} ended: {Reason}")]
    public static partial void WaitFailed(this ILogger log, string account, string taskId, string reason);

    // 30 to 39: downloads.
    [LoggerMessage(30, LogLevel.Information, "The video of task {TaskId} is whole: {Bytes} bytes in {Elapsed:0.###} s, {Path}.")]
    public static partial void Downloaded(this ILogger log, string taskId, long bytes, double elapsed, string path);

    [LoggerMessage(31, LogLevel.Warning, "The download of task {TaskId} failed: {Reason}")]
    public static partial void DownloadFailed(this ILogger log, string taskId, string reason);

    [LoggerMessage(32, LogLevel.Information, "The download of task {TaskId} was cancelled.")]
    public static partial void DownloadCanceled(this ILogger log, string taskId);

    // 40 to 49: what is kept on this side.
    [LoggerMessage(40, LogLevel.Warning, "The record {Key} of a create on {Account} could not be brought up to date, and will be reported as open: {Reason}")]
    public static partial void RecordNotWritten(this ILogger log, string account, string key, string reason);

    [LoggerMessage(41, LogLevel.Warning, "The characters of a prompt could not be marked as used; nothing else suffers: {Reason}")]
    public static partial void CharactersNotMarked(this ILogger log, string reason);

    [LoggerMessage(42, LogLevel.Warning, "Task {TaskId} on {Account} {What}, and its record could not be updated: {Reason}")]
    public static partial void TaskRecordNotUpdated(this ILogger log, string account, string? taskId, string what, string reason);

    [LoggerMessage(43, LogLevel.Warning, "Task {TaskId} on {Account} was {Outcome} after its create had been cancelled: it may be running, and is paid for then")]
    public static partial void CreateEndedLate(this ILogger log, string account, string? taskId, string outcome);

    // 50 to 59: settings.
    [LoggerMessage(50, LogLevel.Information, "{Account} is used with a new API key from now on.")]
    public static partial void KeyRotated(this ILogger log, string account);

    [LoggerMessage(51, LogLevel.Error, "Changed settings were refused, and {Account} goes on with the old ones: {Reason}")]
    public static partial void ReloadRefused(this ILogger log, string account, string reason);

    // 60 to 69: hosts.
    [LoggerMessage(60, LogLevel.Warning, "{Account}: {Host} failed too often; calls to it are refused for {Duration:0.###} s.")]
    public static partial void CircuitOpened(this ILogger log, string account, string host, double duration);

    [LoggerMessage(61, LogLevel.Information, "{Account}: {Host} responds again.")]
    public static partial void CircuitClosed(this ILogger log, string account, string host);

    // 100 to 199: calls.
    [LoggerMessage(100, LogLevel.Debug, "{Account}: {Method} {Address} begins, task {TaskId}.")]
    public static partial void CallBegins(this ILogger log, string account, HttpMethod method, string address, string taskId);

    [LoggerMessage(101, LogLevel.Debug, "{Account}: {Method} {Address} answered {StatusCode} with {Bytes} bytes after {Elapsed:0.###} s, task {TaskId}, request id {RequestId}.")]
    public static partial void CallAnswered(this ILogger log, string account, HttpMethod method, string address, string taskId, HttpStatusCode statusCode, int bytes, double elapsed, string? requestId);

    [LoggerMessage(102, LogLevel.Debug, "{Account}: attempt {Attempt} failed ({Kind}), task {TaskId}: {Reason}")]
    public static partial void AttemptFailed(this ILogger log, string account, string taskId, int attempt, Sora2ErrorKind kind, string reason);

    [LoggerMessage(103, LogLevel.Debug, "{Account} is asked again in {Pause:0.###} s.")]
    public static partial void Again(this ILogger log, string account, double pause);

    [LoggerMessage(104, LogLevel.Debug, "Task {TaskId} on {Account} is still {Status} ({RawStatus}) at {Progress}%.")]
    public static partial void StatusUnchanged(this ILogger log, string account, string taskId, VideoTaskStatus status, string? rawStatus, double? progress);

    [LoggerMessage(105, LogLevel.Debug, "A question about task {TaskId} on {Account} failed, and the wait goes on: {Reason}")]
    public static partial void PollFailed(this ILogger log, string account, string taskId, string reason);

    [LoggerMessage(106, LogLevel.Debug, "The video of task {TaskId} is fetched from {Address}, {Received} bytes are there.")]
    public static partial void DownloadConnects(this ILogger log, string taskId, string address, long received);

    [LoggerMessage(107, LogLevel.Debug, "{Account}: retrying {Host} in {Delay:0.###} s.")]
    public static partial void HostRetried(this ILogger log, string account, string host, double delay);

    // 200 to 299: what the caller wrote.
    [LoggerMessage(200, LogLevel.Trace, "The {Operation} is made from: {Subject}")]
    public static partial void Subject(this ILogger log, string operation, string subject);
}
