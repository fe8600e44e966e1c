namespace Sora2.Sdk;

/// <summary>Creates video tasks, waits for them and downloads their videos.</summary>
/// <remarks>
/// Only <see cref="CreateAsync"/>, <see cref="GenerateAsync"/>, <see cref="GenerateBatchAsync"/> and <see cref="ResumeBatchAsync"/> cost
/// money. Everything else is free of charge and can be repeated. Thread-safe.
/// </remarks>
public interface IVideoClient
{
    /// <summary>Creates a video task and returns as soon as the platform has accepted it. <b>Costs money</b>, once.</summary>
    /// <remarks>
    /// <para>
    /// The request is sent once. It is repeated only if it was certainly not accepted, up to <see cref="Sora2ClientOptions.CreateRetries"/>
    /// times.
    /// </para>
    /// <para>
    /// To be sure of the task's id even if the process ends, set <see cref="Sora2ClientOptions.TaskStore"/>: the request is recorded
    /// before it is sent. Then a <see cref="GenerationRequest.Key"/> is paid for once: if its task is known, that is returned and nothing
    /// is sent; if its task failed, the failure is thrown again; if its outcome is unknown, so is that.
    /// </para>
    /// </remarks>
    /// <param name="request">The video to make. It is checked against the model's limits before anything is sent.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. If the request was already sent, the task may still be accepted and charged.
    /// </param>
    /// <returns>The accepted task, with its id.</returns>
    /// <exception cref="Sora2ValidationException">The model cannot make this video; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">The platform refused the request or could not be reached; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request was sent and its outcome is unknown: it may have been charged.</exception>
    /// <exception cref="StorageException">
    /// The task store failed, or the character library cannot be read and the prompt contains an <c>@</c>. Nothing was sent if
    /// <see cref="Sora2Exception.TaskId"/> is <see langword="null"/>, else the task was accepted.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; a <see cref="SubmissionCanceledException"/> if the request may have been sent.
    /// </exception>
    Task<VideoTask> CreateAsync(GenerationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Checks a request as <see cref="CreateAsync"/> does, without sending anything. Images are not read.</summary>
    /// <remarks>
    /// Mentions of unknown characters (<see cref="Sora2ClientOptions.UnresolvedMentions"/>) are checked only if the character library can
    /// be read without waiting, as with the stores of the SDK; <see cref="CreateAsync"/> always checks them.
    /// </remarks>
    /// <param name="request">The request to check.</param>
    /// <exception cref="Sora2ValidationException">The model cannot make this video; the message says what to change.</exception>
    void Validate(GenerationRequest request);

    /// <summary>Gets the current state of a task. Free of charge; transient errors are retried.</summary>
    /// <param name="task">The task, or its id that a create returned, in this or an earlier process.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The task as the platform reports it, also if it failed.</returns>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="Sora2ApiException">
    /// The platform does not know the task, rejected the key, could not be reached or sent an unreadable response.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<VideoTask> GetAsync(TaskHandle task, CancellationToken cancellationToken = default);

    /// <summary>Waits until the video of a task is available. Free of charge, also for a task of an earlier process.</summary>
    /// <remarks>
    /// <para>
    /// Polls at once, then at the poll interval (30 s by default), for up to the timeout (30 min by default). If many waits begin
    /// together, the first 64 poll at once and the others within one poll interval.
    /// </para>
    /// <para>
    /// An error that says nothing about the task, such as a gateway's error page, ends the wait only if it is the first response or the
    /// tenth such error in a row.
    /// </para>
    /// </remarks>
    /// <param name="task">The task, or its id that a create returned, in this or an earlier process.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="progress">Receives the response to every poll; the percentage never falls.</param>
    /// <param name="cancellationToken">A token to stop waiting. The task continues on the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="Sora2ValidationException">An option value is out of range.</exception>
    /// <exception cref="VideoTaskFailedException">The task failed on the platform.</exception>
    /// <exception cref="WaitTimeoutException">The timeout elapsed. The task continues and can be waited for again.</exception>
    /// <exception cref="Sora2ApiException">
    /// The platform does not know the task, rejected the key, could not be reached or sent an unreadable response.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; a <see cref="WaitCanceledException"/> with the task's id.
    /// </exception>
    Task<VideoTask> WaitAsync(
        TaskHandle task,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Polls a task like <see cref="WaitAsync"/> and yields the response to every poll, the last one final. Free of charge.
    /// </summary>
    /// <remarks>A failed task is the last element, not an exception.</remarks>
    /// <param name="task">The task, or its id that a create returned, in this or an earlier process.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="cancellationToken">A token to stop watching. The task continues on the platform.</param>
    /// <returns>One element for each poll; the percentage never falls.</returns>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="Sora2ValidationException">An option value is out of range.</exception>
    /// <exception cref="WaitTimeoutException">The timeout elapsed. The task continues and can be watched again.</exception>
    /// <exception cref="Sora2ApiException">
    /// The platform does not know the task, rejected the key, could not be reached or sent an unreadable response.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    IAsyncEnumerable<VideoTask> WatchAsync(TaskHandle task, WaitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a video task like <see cref="CreateAsync"/> and waits for it like <see cref="WaitAsync"/>. <b>Costs money</b>, once.
    /// </summary>
    /// <remarks>
    /// The accepted task is reported to <paramref name="progress"/> before the first poll, one poll interval after the create, and every
    /// later exception carries its id.
    /// </remarks>
    /// <param name="request">The video to make.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="progress">
    /// Receives the accepted task, then the response to every poll; while <see cref="Sora2ClientOptions.MaxRunningTasks"/> delays the
    /// create, a task with an empty id.
    /// </param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. An accepted task continues on the platform; if the create was already sent, the task may still be
    /// accepted and charged.
    /// </param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The model cannot make this video, or an option value is out of range; nothing was sent.
    /// </exception>
    /// <exception cref="Sora2ApiException">
    /// The platform refused the request or could not be reached, and nothing was charged; or, with a <see cref="Sora2Exception.TaskId"/>,
    /// the task was accepted and a poll failed.
    /// </exception>
    /// <exception cref="SubmissionUnknownException">The request was sent and its outcome is unknown: it may have been charged.</exception>
    /// <exception cref="VideoTaskFailedException">The task failed on the platform.</exception>
    /// <exception cref="WaitTimeoutException">
    /// The timeout elapsed. Do not create the video again: wait for the task whose id the exception has.
    /// </exception>
    /// <exception cref="StorageException">
    /// The task store failed, or the character library cannot be read and the prompt contains an <c>@</c>. Nothing was sent if
    /// <see cref="Sora2Exception.TaskId"/> is <see langword="null"/>, else the task was accepted.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; a <see cref="SubmissionCanceledException"/> if the create may have been sent, a
    /// <see cref="WaitCanceledException"/> with the task's id once it was accepted.
    /// </exception>
    Task<VideoTask> GenerateAsync(
        GenerationRequest request,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates many videos, a few at a time, and yields each item when it finishes. <b>Costs money</b> for every request, once.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A failure is stored on its item and does not stop the others, except for a rejected key, an empty or a blocked account
    /// (<see cref="BatchOptions.StopOnFatal"/>). While the platform is busy or not reachable, all creates are delayed
    /// (<see cref="BatchOptions.BusyTimeout"/>).
    /// </para>
    /// <para>
    /// At most <see cref="BatchOptions.MaxConcurrency"/> items are started ahead of those that were read. Ending the loop early stops the
    /// batch like a cancellation; the ids of running tasks are then only in the <see cref="BatchOptions.Progress"/>.
    /// </para>
    /// </remarks>
    /// <param name="requests">The videos to make. Read one at a time when there is room, so the sequence may be lazy and long.</param>
    /// <param name="options">How many at once and what to do with each; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">
    /// A token to stop creating and waiting. This does <b>not throw</b>: creates that were sent are completed, accepted tasks continue on
    /// the platform, and every item is still yielded, as <see cref="BatchItemState.Canceled"/> with its id or as
    /// <see cref="BatchItemState.NotStarted"/> (the latter if the length of <paramref name="requests"/> is known).
    /// </param>
    /// <returns>Every item once, in the order in which they finish. The sequence can be enumerated once.</returns>
    /// <exception cref="ArgumentException">A request is <see langword="null"/>.</exception>
    /// <exception cref="Sora2ValidationException">An option value is out of range; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The sequence is enumerated a second time, which would pay again.</exception>
    /// <example>
    /// <code>
    /// var items = new List&lt;BatchItem&gt;();
    /// var options = new BatchOptions { MaxConcurrency = 5, DownloadTo = "videos" };
    /// await foreach (var item in client.Videos.GenerateBatchAsync(requests, options))
    /// {
    ///     Console.WriteLine(item);
    ///     items.Add(item);
    /// }
    ///
    /// await foreach (var item in client.Videos.ResumeBatchAsync(items)) { … }   // only what did not succeed
    /// </code>
    /// </example>
    IAsyncEnumerable<BatchItem> GenerateBatchAsync(
        IEnumerable<GenerationRequest> requests,
        BatchOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Continues a batch: waits for running tasks, repeats failed downloads and creates what failed, which <b>costs money</b>.
    /// </summary>
    /// <remarks>
    /// A failed task is polled once before another one is created for it. An item whose create has an unknown outcome is returned
    /// unchanged, unless <see cref="BatchOptions.CreateUnknownAgain"/> is set.
    /// A <see cref="GenerationRequest.Key"/> whose task failed gets its next attempt.
    /// </remarks>
    /// <param name="earlier">
    /// The latest state of each item of the batch. Items that succeeded are skipped; leave out those that should not be tried again.
    /// </param>
    /// <param name="options">As for <see cref="GenerateBatchAsync"/>.</param>
    /// <param name="cancellationToken">
    /// A token to stop creating and waiting, without an exception as in <see cref="GenerateBatchAsync"/>.
    /// </param>
    /// <returns>Every item that was not skipped once, in the order in which they finish. The sequence can be enumerated once.</returns>
    /// <exception cref="ArgumentException">An item occurs twice.</exception>
    /// <exception cref="Sora2ValidationException">An option value is out of range; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The sequence is enumerated a second time, which would pay again.</exception>
    IAsyncEnumerable<BatchItem> ResumeBatchAsync(
        IEnumerable<BatchItem> earlier,
        BatchOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for the open tasks in the <see cref="Sora2ClientOptions.TaskStore"/>, usually after a restart. Free of charge, creates
    /// nothing.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Waits for every accepted task that is not finished, gets those whose video was never downloaded once, and reports the requests whose
    /// outcome is unknown. Only records of this client's platform and name are included.
    /// </para>
    /// <para>
    /// Can be called repeatedly: tasks that this process already waits for or downloads are left out, as are those of an earlier call
    /// until its caller has asked for the next element.
    /// </para>
    /// </remarks>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="progress">Receives the response to every poll of every task.</param>
    /// <param name="cancellationToken">A token to stop waiting. The tasks continue on the platform, and their records stay.</param>
    /// <returns>
    /// One element for each open record: first those of unknown outcome, then the others in the order in which they finish.
    /// </returns>
    /// <exception cref="Sora2ValidationException">The client has no task store, or an option value is out of range.</exception>
    /// <exception cref="StorageException">The records cannot be listed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <example>
    /// <code>
    /// await foreach (var open in client.Videos.ResumeAsync())
    /// {
    ///     if (open.VideoTask is { } task) await client.Videos.DownloadToDirectoryAsync(task, "videos");
    ///     else Console.WriteLine(open.Error!.Message);
    /// }
    /// </code>
    /// </example>
    IAsyncEnumerable<ResumedTask> ResumeAsync(
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Downloads a finished video to a file. Free of charge.</summary>
    /// <remarks>
    /// <para>
    /// The file gets its name once it is verified to be a complete MP4; until then an existing file stays untouched. A broken connection is
    /// continued where it stopped, up to <see cref="Sora2ClientOptions.DownloadRetries"/> times, and an expired link is replaced once by a
    /// fresh one. The API key is sent to the API's own address only, never to a media host.
    /// </para>
    /// <para>
    /// A download that failed or was canceled leaves its partial file beside the target (<c>….partial</c> with <c>….partial.json</c>).
    /// The next call for the same task and target continues it, also in another process; a call for another task discards it.
    /// </para>
    /// </remarks>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="path">
    /// The file to write. Missing directories are created. A directory is refused: see
    /// <see cref="VideoClientExtensions.DownloadToDirectoryAsync"/>. A pipe, device, socket or link is refused and not changed.
    /// </param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the bytes downloaded so far, at most ten times a second.</param>
    /// <param name="cancellationToken">A token to stop the download. The next call continues it.</param>
    /// <returns>The path and size of the video, and its SHA-256 if <see cref="DownloadOptions.ComputeSha256"/> is set.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The task has no link or one that may not be followed, the path does not name a file, the file exists and
    /// <see cref="DownloadOptions.Overwrite"/> is <see langword="false"/>, or an option value is out of range.
    /// </exception>
    /// <exception cref="DownloadException">
    /// The video could not be downloaded completely, is larger than <see cref="DownloadOptions.MaxBytes"/>, or another download is
    /// writing the same file.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        string path,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Downloads a finished video to a stream. Free of charge.</summary>
    /// <remarks>
    /// A broken connection is continued where it stopped if the media host proves that the rest belongs to the same version. Without this
    /// proof the download fails, as written bytes cannot be taken back. The API key is sent to the API's own address only, never to a
    /// media host.
    /// </remarks>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="destination">
    /// The stream to write to, from its current position. It stays open, and contains a part of the video if the call throws.
    /// </param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the bytes downloaded so far, at most ten times a second.</param>
    /// <param name="cancellationToken">A token to stop the download.</param>
    /// <returns>
    /// The size and content type of the video, and its SHA-256 if <see cref="DownloadOptions.ComputeSha256"/> is set.
    /// </returns>
    /// <exception cref="ArgumentException">The stream cannot be written to.</exception>
    /// <exception cref="Sora2ValidationException">
    /// The task has no link or one that may not be followed, or an option value is out of range.
    /// </exception>
    /// <exception cref="DownloadException">
    /// The video could not be downloaded completely, or is larger than <see cref="DownloadOptions.MaxBytes"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        Stream destination,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
