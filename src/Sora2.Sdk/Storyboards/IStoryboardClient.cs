namespace Sora2.Sdk;

/// <summary>Creates videos of several shots.</summary>
public interface IStoryboardClient
{
    /// <summary>Creates a task for one video from a storyboard. <b>Costs money</b>, once.</summary>
    /// <remarks>
    /// <para>
    /// The request is sent once. It is repeated only if it was certainly not accepted, up to
    /// <see cref="Sora2ClientOptions.CreateRetries"/> times.
    /// </para>
    /// <para>Wait for the task and download its video with <see cref="ISora2Client.Videos"/>.</para>
    /// </remarks>
    /// <param name="storyboard">The shots. The sum of their durations has to be a duration that the model offers.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. If the request was already sent, the task may still be accepted and charged.
    /// </param>
    /// <returns>The accepted task, with its id.</returns>
    /// <exception cref="Sora2ValidationException">The model cannot make this storyboard; nothing was sent.</exception>
    /// <exception cref="CharacterStoreException">
    /// A scene contains an <c>@</c> and the client's character library cannot be read; nothing was sent.
    /// </exception>
    /// <exception cref="Sora2ApiException">The platform refused the request or could not be reached; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request was sent and its outcome is unknown: it may have been charged.</exception>
    /// <exception cref="Sora2Exception">
    /// The task store failed (<see cref="Sora2ErrorKind.Storage"/>): nothing was sent if the exception has no task id, else the task was
    /// accepted.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; a <see cref="SubmissionCanceledException"/> if the request may have been sent.
    /// </exception>
    Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default);

    /// <summary>Checks a storyboard as <see cref="CreateAsync"/> does, without sending anything. Images are not read.</summary>
    /// <param name="storyboard">The shots.</param>
    /// <exception cref="Sora2ValidationException">The model cannot make this storyboard; the message says what to change.</exception>
    void Validate(Storyboard storyboard);
}
