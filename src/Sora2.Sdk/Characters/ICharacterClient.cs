namespace Sora2.Sdk;

/// <summary>Creates characters that prompts can mention.</summary>
public interface ICharacterClient
{
    /// <summary>
    /// Makes a character from one to three seconds of a video. <b>May cost money</b>: it is sent once, and again only when it was surely not taken (see <see cref="Sora2ClientOptions.CreateRetries"/>). Normally
    /// answered within seconds, at worst minutes. Objects and animals are meant; whether a real person is accepted is the platform's to say.
    /// </summary>
    /// <param name="request">Which part of which video.</param>
    /// <param name="cancellationToken">Gives up the call. Once the request has left, the outcome is then not known.</param>
    /// <returns>The character; its <see cref="Character.Mention"/> goes into prompts, on either platform.</returns>
    /// <exception cref="Sora2ValidationException">The range is not 1 to 3 s long, or there is not exactly one source; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">The platform refused, or could not be reached; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default);
}
