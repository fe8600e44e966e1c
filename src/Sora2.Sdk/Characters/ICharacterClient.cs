namespace Sora2.Sdk;

/// <summary>Creates characters that prompts can mention.</summary>
public interface ICharacterClient
{
    /// <summary>Creates a character from 1 to 3 seconds of a video. <b>May cost money</b>, once.</summary>
    /// <remarks>
    /// <para>
    /// The request is sent once. It is repeated only if it was certainly not accepted, up to
    /// <see cref="Sora2ClientOptions.CreateRetries"/> times. The call normally takes seconds, at worst minutes.
    /// </para>
    /// <para>
    /// A client with a <see cref="Sora2ClientOptions.CharacterLibrary"/> adds the character to it, with the request's
    /// <see cref="CharacterRequest.Alias"/> if there is one. If the library cannot be written within 15 s, the character is returned
    /// anyway, and the failure is logged (event 44).
    /// </para>
    /// <para>Characters are meant to be objects and animals; whether a real person is accepted depends on the platform.</para>
    /// </remarks>
    /// <param name="request">The video and the part of it that shows the character.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. If the request was already sent, the character may still be created and charged.
    /// </param>
    /// <returns>The character; its <see cref="Character.Mention"/> goes into prompts, on either platform.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The range is not 1 to 3 seconds long, the request does not have exactly one source, or its alias is not valid, in use, or without a
    /// library; nothing was sent.
    /// </exception>
    /// <exception cref="StorageException">The library, which is read for an alias, cannot be read; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">The platform refused the request or could not be reached; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request was sent and its outcome is unknown: it may have been charged.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default);
}
