namespace Sora2.Sdk;

/// <summary>Creates videos of several shots.</summary>
public interface IStoryboardClient
{
    /// <summary>
    /// Creates one video from a storyboard. <b>Costs money</b>: it is sent once, and again only when it was surely not taken (see <see cref="Sora2ClientOptions.CreateRetries"/>). The task is then waited for
    /// and downloaded like any other, through <see cref="ISora2Client.Videos"/>.
    /// </summary>
    /// <param name="storyboard">The shots. Their total has to be a duration that the model has.</param>
    /// <param name="cancellationToken">Gives up the call. Once the request has left, the outcome is then not known.</param>
    /// <returns>The task as accepted, with its id.</returns>
    /// <exception cref="Sora2ValidationException">The storyboard cannot be made by this model; nothing was sent.</exception>
    /// <exception cref="CharacterStoreException">A scene has an <c>@</c>, and the client's character library cannot be read; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">The platform refused, or could not be reached; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default);

    /// <summary>Checks a storyboard as <see cref="CreateAsync"/> does before it sends it, and sends nothing. Images are not read.</summary>
    /// <param name="storyboard">The shots.</param>
    /// <exception cref="Sora2ValidationException">The storyboard cannot be made by this model; the message says the way out.</exception>
    void Validate(Storyboard storyboard);
}
