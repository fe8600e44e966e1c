using System.Net;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.Diagnostics;

/// <summary>Every message that the SDK logs; docs/telemetry.md lists them by id.</summary>
/// <remarks>
/// An id never changes its meaning and is never reused. Events of tasks are Information or above, calls are Debug, prompts are Trace and
/// only logged if the options say so. No parameter may hold a key, a signed query or the content of an image.
/// </remarks>
internal static partial class Log
{
    // 10 to 19: creates.
    [LoggerMessage(10, LogLevel.Information, "{Account} accepted task {TaskId} ({Operation}, {Model}) in {Elapsed:0.###} s")]
    public static partial void TaskAccepted(
        this ILogger log, string account, string taskId, string operation, string model, double elapsed);

    [LoggerMessage(11, LogLevel.Information, "{Account} created character {Username} in {Elapsed:0.###} s")]
    public static partial void CharacterCreated(this ILogger log, string account, string username, double elapsed);

    [LoggerMessage(12, LogLevel.Warning, "{Account} did not accept the {Operation} ({Model}): {Reason}")]
    public static partial void CreateRefused(this ILogger log, string account, string operation, string model, string reason);

    [LoggerMessage(13, LogLevel.Error, "A {Operation} ({Model}) may be running and charged on {Account}; its id is not known: {Reason}")]
    public static partial void SubmissionUnknown(this ILogger log, string account, string operation, string model, string reason);

    [LoggerMessage(14, LogLevel.Information, "The {Operation} ({Model}) was cancelled before it was sent to {Account}")]
    public static partial void CreateCanceled(this ILogger log, string account, string operation, string model);

    [LoggerMessage(15, LogLevel.Warning, "{Account} is busy; the batch resumes creating in {Delay:0.###} s: {Reason}")]
    public static partial void BatchPaused(this ILogger log, string account, double delay, string reason);

    [LoggerMessage(16, LogLevel.Error, "{Account} was busy for longer than the batch waits ({Timeout:0.###} s): {Reason}")]
    public static partial void BatchBusyTimedOut(this ILogger log, string account, double timeout, string reason);

    [LoggerMessage(17, LogLevel.Information, "Sending nothing to {Account}: task {TaskId} was created with this key")]
    public static partial void KeyKnown(this ILogger log, string account, string taskId);

    // 20 to 29: waits.
    [LoggerMessage(20, LogLevel.Information, "Task {TaskId} on {Account} is {Status} ({RawStatus}) at {Progress}%")]
    public static partial void StatusChanged(
        this ILogger log, string account, string taskId, VideoTaskStatus status, string? rawStatus, double? progress);

    [LoggerMessage(21, LogLevel.Information, "Task {TaskId} on {Account} succeeded")]
    public static partial void TaskSucceeded(this ILogger log, string account, string taskId);

    [LoggerMessage(22, LogLevel.Warning, "Task {TaskId} on {Account} failed ({Kind}): {Reason}")]
    public static partial void TaskFailed(this ILogger log, string account, string taskId, Sora2ErrorKind kind, string? reason);

    [LoggerMessage(23, LogLevel.Warning, "Waiting for task {TaskId} on {Account} timed out; the task continues: {Reason}")]
    public static partial void WaitTimedOut(this ILogger log, string account, string taskId, string reason);

    [LoggerMessage(24, LogLevel.Information, "Waiting for task {TaskId} on {Account} was cancelled; the task continues")]
    public static partial void WaitCanceled(this ILogger log, string account, string taskId);

    [LoggerMessage(25, LogLevel.Error, "Waiting for task {TaskId} on {Account} failed: {Reason}")]
    public static partial void WaitFailed(this ILogger log, string account, string taskId, string reason);

    // 30 to 39: downloads.
    [LoggerMessage(30, LogLevel.Information, "Downloaded the video of task {TaskId}: {Bytes} bytes in {Elapsed:0.###} s, {Path}")]
    public static partial void Downloaded(this ILogger log, string taskId, long bytes, double elapsed, string path);

    [LoggerMessage(31, LogLevel.Warning, "Downloading the video of task {TaskId} failed: {Reason}")]
    public static partial void DownloadFailed(this ILogger log, string taskId, string reason);

    [LoggerMessage(32, LogLevel.Information, "Downloading the video of task {TaskId} was cancelled")]
    public static partial void DownloadCanceled(this ILogger log, string taskId);

    // 40 to 49: task store and character library.
    [LoggerMessage(40, LogLevel.Warning, "Updating record {Key} of a create on {Account} failed; it will be reported as open: {Reason}")]
    public static partial void RecordNotWritten(this ILogger log, string account, string key, string reason);

    [LoggerMessage(41, LogLevel.Warning, "Marking the characters of a prompt as used failed; the create is not affected: {Reason}")]
    public static partial void CharactersNotMarked(this ILogger log, string reason);

    [LoggerMessage(42, LogLevel.Warning, "Task {TaskId} on {Account} {What}, but its record could not be updated: {Reason}")]
    public static partial void TaskRecordNotUpdated(this ILogger log, string account, string? taskId, string what, string reason);

    [LoggerMessage(43, LogLevel.Warning, "Task {TaskId} on {Account} was {Outcome} after its create was cancelled; "
        + "it may be running and charged")]
    public static partial void CreateEndedLate(this ILogger log, string account, string? taskId, string outcome);

    [LoggerMessage(44, LogLevel.Warning, "Adding character {Username} to the character library failed; it was created: {Reason}")]
    public static partial void CharacterNotAdded(this ILogger log, string username, string reason);

    // 50 to 59: settings.
    [LoggerMessage(50, LogLevel.Information, "Rotated the API key of {Account}")]
    public static partial void KeyRotated(this ILogger log, string account);

    [LoggerMessage(51, LogLevel.Error, "Refused the changed settings of {Account}, which keeps the previous ones: {Reason}")]
    public static partial void ReloadRefused(this ILogger log, string account, string reason);

    // 60 to 69: hosts.
    [LoggerMessage(60, LogLevel.Warning, "Refusing calls of {Account} to {Host} for {Duration:0.###} s, because too many failed")]
    public static partial void CircuitOpened(this ILogger log, string account, string host, double duration);

    [LoggerMessage(61, LogLevel.Information, "Allowing calls of {Account} to {Host}, which responds again")]
    public static partial void CircuitClosed(this ILogger log, string account, string host);

    // 100 to 199: calls.
    [LoggerMessage(100, LogLevel.Debug, "Sending {Method} {Address} for {Account}, task {TaskId}")]
    public static partial void SendingRequest(this ILogger log, string account, HttpMethod method, string address, string taskId);

    [LoggerMessage(101, LogLevel.Debug, "Received {StatusCode} and {Bytes} bytes from {Method} {Address} for {Account} "
        + "in {Elapsed:0.###} s, task {TaskId}, request id {RequestId}")]
    public static partial void ResponseReceived(
        this ILogger log,
        string account,
        HttpMethod method,
        string address,
        string taskId,
        HttpStatusCode statusCode,
        int bytes,
        double elapsed,
        string? requestId);

    [LoggerMessage(102, LogLevel.Debug, "Attempt {Attempt} for {Account} failed ({Kind}), task {TaskId}: {Reason}")]
    public static partial void AttemptFailed(
        this ILogger log, string account, string taskId, int attempt, Sora2ErrorKind kind, string reason);

    [LoggerMessage(103, LogLevel.Debug, "Retrying {Account} in {Delay:0.###} s")]
    public static partial void Retrying(this ILogger log, string account, double delay);

    [LoggerMessage(104, LogLevel.Debug, "Task {TaskId} on {Account} is still {Status} ({RawStatus}) at {Progress}%")]
    public static partial void StatusUnchanged(
        this ILogger log, string account, string taskId, VideoTaskStatus status, string? rawStatus, double? progress);

    [LoggerMessage(105, LogLevel.Debug, "Polling task {TaskId} on {Account} failed; the wait continues: {Reason}")]
    public static partial void PollFailed(this ILogger log, string account, string taskId, string reason);

    [LoggerMessage(106, LogLevel.Debug, "Downloading the video of task {TaskId} from {Address}, from byte {Received}")]
    public static partial void Downloading(this ILogger log, string taskId, string address, long received);

    [LoggerMessage(107, LogLevel.Debug, "Retrying {Host} for {Account} in {Delay:0.###} s")]
    public static partial void RetryingHost(this ILogger log, string account, string host, double delay);

    // 200 to 299: prompts.
    [LoggerMessage(200, LogLevel.Trace, "Creating the {Operation} from: {Subject}")]
    public static partial void Subject(this ILogger log, string operation, string subject);
}
