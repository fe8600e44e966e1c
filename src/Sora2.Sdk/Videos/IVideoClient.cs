namespace Sora2.Sdk;

/// <summary>Creates videos, asks for them, waits for them and downloads them.</summary>
public interface IVideoClient
{
    /// <summary>Creates a video task. <b>Costs money</b>: it is sent once, and again only when it was surely not taken (see <see cref="Sora2ClientOptions.CreateRetries"/>).</summary>
    /// <param name="request">What to make. Checked against the model's limits before anything is sent.</param>
    /// <param name="cancellationToken">Gives up the call. Once the request has left, the outcome is then not known.</param>
    /// <returns>The task as accepted, with its id.</returns>
    /// <exception cref="Sora2ValidationException">The request cannot be made by this model; nothing was sent.</exception>
    /// <exception cref="CharacterStoreException">The prompt has an <c>@</c>, and the client's character library cannot be read; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">The platform refused, or could not be reached; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged.</exception>
    /// <exception cref="Sora2Exception">The task store or character library failed (<see cref="Sora2ErrorKind.Storage"/>): without a task id nothing was sent, with one the task was accepted.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled; <see cref="SubmissionCanceledException"/> if the request had begun to leave.</exception>
    Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default);

    /// <summary>Checks a request as <see cref="CreateAsync"/> does before it sends it, and sends nothing. Images are not read.</summary>
    /// <remarks>
    /// Mentions of unknown characters (<see cref="Sora2ClientOptions.UnresolvedMentions"/>) are found as far as the library's store
    /// responds without waiting, as the stores of the SDK do; <see cref="CreateAsync"/>
    /// finds all of them.
    /// </remarks>
    /// <param name="request">What to make.</param>
    /// <exception cref="Sora2ValidationException">The request cannot be made by this model; the message says the way out.</exception>
    void Validate(VideoRequest request);

    /// <summary>Asks once for a task. Free of charge; repeated on passing faults.</summary>
    /// <param name="taskId">The id that create answered, in this or an earlier process.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>What the platform said, a failed task included.</returns>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="Sora2ApiException">The platform does not know the task, refused the key, or could not be read.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<VideoTask> GetAsync(string taskId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for a task until its video is there. Asks at once, then at the poll interval. Free of charge; takes up a task of an earlier process by its id.
    /// </summary>
    /// <remarks>
    /// Among many waits that begin together the first 64 ask at once and the others within one poll interval. An error that says nothing
    /// about the task (a page of a gateway, an error object without a status) ends
    /// the wait at the tenth in a row only, unless it is the first response of all.
    /// </remarks>
    /// <param name="taskId">The id that create answered.</param>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="progress">Told of every answer; the percentage never falls.</param>
    /// <param name="cancellationToken">Stops waiting at once. The task goes on at the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="Sora2ValidationException">An option cannot be.</exception>
    /// <exception cref="VideoTaskFailedException">The platform gave the task up.</exception>
    /// <exception cref="WaitTimeoutException">Patience ran out; the task goes on and can be waited for again.</exception>
    /// <exception cref="Sora2ApiException">The platform does not know the task, refused the key, or could not be read.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<VideoTask> WaitAsync(string taskId, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The answers about a task as they come, the first at once, the last one final. A failed task is the last element, not an exception.
    /// </summary>
    /// <param name="taskId">The id that create answered.</param>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="cancellationToken">Stops watching at once. The task goes on at the platform.</param>
    /// <returns>One element for each answer; the percentage never falls.</returns>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="Sora2ValidationException">An option cannot be.</exception>
    /// <exception cref="WaitTimeoutException">Patience ran out; the task goes on and can be watched again.</exception>
    /// <exception cref="Sora2ApiException">The platform does not know the task, refused the key, or could not be read.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    IAsyncEnumerable<VideoTask> WatchAsync(string taskId, WaitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a video and waits for it. <b>Costs money</b>, once. The accepted task is reported to <paramref name="progress"/> before the first wait,
    /// and every later exception carries its id.
    /// </summary>
    /// <param name="request">What to make.</param>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="progress">Told of the accepted task, then of every answer.</param>
    /// <param name="cancellationToken">Stops creating or waiting. A task that was accepted goes on at the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="Sora2ValidationException">The request cannot be made by this model, or an option cannot be; nothing was sent.</exception>
    /// <exception cref="CharacterStoreException">The prompt has an <c>@</c>, and the client's character library cannot be read; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">The platform refused, or could not be reached.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged.</exception>
    /// <exception cref="VideoTaskFailedException">The platform gave the task up.</exception>
    /// <exception cref="WaitTimeoutException">Patience ran out; do not create again, wait for the id it carries.</exception>
    /// <exception cref="Sora2Exception">The task store or character library failed (<see cref="Sora2ErrorKind.Storage"/>): without a task id nothing was sent, with one the task was accepted.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled; <see cref="SubmissionCanceledException"/> if the create had begun to leave, <see cref="WaitCanceledException"/> with the id after it was accepted.</exception>
    Task<VideoTask> GenerateAsync(VideoRequest request, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates many videos and waits for all of them, a few at a time, each item given as it comes to its end. <b>Costs money</b> for every request, once. What goes wrong with
    /// one item stands in it and never stops the others, but for a bad key or an empty account (<see cref="BatchOptions.StopOnFatal"/>).
    /// While the platform is busy or cannot be reached, creates pause
    /// (<see cref="BatchOptions.BusyTimeout"/>).
    /// </summary>
    /// <param name="requests">What to make. Read one at a time as there is room, so it may be made as it is read; may be long.</param>
    /// <param name="options">How many at once, and what happens with each; null for the defaults.</param>
    /// <param name="cancellationToken">
    /// Stops creating and waiting; what was accepted goes on at the platform. This does <b>not throw</b>: creates that were sent are brought to an answer, and every item still
    /// comes, as <see cref="BatchItemState.Cancelled"/> with its id or <see cref="BatchItemState.NotStarted"/> (the latter as far as <paramref name="requests"/> knows its length).
    /// </param>
    /// <returns>
    /// Every item once, in the order in which they end. Goes on by itself up to <see cref="BatchOptions.MaxConcurrency"/> items ahead of what was looked at. Leaving the loop stops like
    /// a cancellation; the ids of what runs are then in the <see cref="BatchOptions.Progress"/> only. Can be gone through once.
    /// </returns>
    /// <exception cref="Sora2ValidationException">An option cannot be; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">It is gone through a second time, which would pay again.</exception>
    /// <example>
    /// <code>
    /// var items = new List&lt;BatchItem&gt;();
    /// await foreach (var item in client.Videos.GenerateBatchAsync(requests, new BatchOptions { MaxConcurrency = 5, DownloadTo = "videos" }))
    /// {
    ///     Console.WriteLine(item);
    ///     items.Add(item);
    /// }
    ///
    /// await foreach (var item in client.Videos.ResumeBatchAsync(items)) { … }   // only what did not succeed
    /// </code>
    /// </example>
    IAsyncEnumerable<BatchItem> GenerateBatchAsync(IEnumerable<VideoRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes on with what an earlier batch did not bring to a good end: tasks that run are waited for, failed downloads repeated, and what failed or was not started is created, which
    /// <b>costs money</b>. A failed task is asked for once more before another is created. A create of which it is not known whether it was accepted is given back as it is, unless <see cref="BatchOptions.CreateUnknownAgain"/> says otherwise.
    /// </summary>
    /// <param name="earlier">The items of that batch, the latest of each; those that succeeded are left out. Leave out what should not be tried again.</param>
    /// <param name="options">As for the batch; the keys stay as they are.</param>
    /// <param name="cancellationToken">As for the batch: stops without throwing.</param>
    /// <returns>As for the batch.</returns>
    /// <exception cref="ArgumentException">An item is there twice.</exception>
    /// <exception cref="Sora2ValidationException">An option cannot be; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">It is gone through a second time, which would pay again.</exception>
    IAsyncEnumerable<BatchItem> ResumeBatchAsync(IEnumerable<BatchItem> earlier, BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes up what the <see cref="Sora2ClientOptions.TaskStore"/> says is open, after a restart as a rule: waits for every accepted task that is not at its end, asks once more for
    /// those whose video was never downloaded, and reports the requests of which nobody knows whether they were accepted. Creates nothing and is free of charge.
    /// </summary>
    /// <remarks>
    /// Tasks that this process waits for or downloads are left out, and so are those that an earlier call has not brought to an end: from
    /// its start until its caller asks for the next element. So it may be called
    /// again and again.
    /// </remarks>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="progress">Told of every answer about every task.</param>
    /// <param name="cancellationToken">Stops waiting. The tasks go on at the platform, and the records stay.</param>
    /// <returns>One element for each open record, in the order in which they come to an end, those of unknown outcome first. Records of this client's platform and name only.</returns>
    /// <exception cref="Sora2ValidationException">The client has no task store, or an option cannot be.</exception>
    /// <exception cref="Sora2Exception">The store's records cannot be listed.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    /// <example>
    /// <code>
    /// await foreach (var open in client.Videos.ResumeAsync())
    /// {
    ///     if (open.Task is { } task) await client.Videos.DownloadAsync(task, "videos/");
    ///     else Console.WriteLine(open.Error!.Message);
    /// }
    /// </code>
    /// </example>
    IAsyncEnumerable<ResumedTask> ResumeAsync(WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Downloads a finished video to a file. Free of charge. The file appears under its name only once it is known to be a whole MP4; a file that was there stays
    /// untouched until then. A connection that breaks is taken up again where it stopped (<see cref="Sora2ClientOptions.DownloadRetries"/>), a link that has expired is replaced
    /// by a fresh one, once. What came of a download that failed or was cancelled lies beside the target, as <c>….partial</c> with <c>….partial.json</c>, and the next call
    /// for the same task and target goes on with it, in another process as well; a call for another task gives it up. The API key goes to the API's own address only, never to a media host.
    /// </summary>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="path">
    /// The file to write; or a directory, which is there already, or whose path ends in a separator or has no extension, in which a safe name is made by <see cref="DownloadOptions.FileNameTemplate"/>.
    /// Missing directories are made. A pipe, device, socket or link is refused and left as it is.
    /// </param>
    /// <param name="options">How to download; null for the defaults.</param>
    /// <param name="progress">Told of the bytes that are there, ten times a second at most.</param>
    /// <param name="cancellationToken">Gives up; the next call goes on from there.</param>
    /// <returns>Where the video is, how large, and its SHA-256 if it was asked for.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The task has no link yet, or one that may not be followed; or the path names no file, or the file is there and <see cref="DownloadOptions.Overwrite"/> is false; or an option cannot be.
    /// </exception>
    /// <exception cref="DownloadException">The video could not be had whole, is larger than <see cref="DownloadOptions.MaxBytes"/>, or another download is writing the same file.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<DownloadedVideo> DownloadAsync(VideoTask task, string path, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Downloads a finished video into a stream. Free of charge. A connection that breaks is taken up again where it stopped if the media host proves that the rest is of the same
    /// version; what was written cannot be taken back, so that without this proof the download fails. The API key goes to the API's own address only.
    /// </summary>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="destination">Written to from where it stands; left open. May hold a part of the video when the call throws.</param>
    /// <param name="options">How to download; null for the defaults.</param>
    /// <param name="progress">Told of the bytes that are there, ten times a second at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How large the video is, its content type, and its SHA-256 if it was asked for.</returns>
    /// <exception cref="Sora2ValidationException">The task has no link yet, or one that may not be followed; or an option cannot be.</exception>
    /// <exception cref="DownloadException">The video could not be had whole, or is larger than <see cref="DownloadOptions.MaxBytes"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<DownloadedVideo> DownloadAsync(VideoTask task, Stream destination, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default);
}
