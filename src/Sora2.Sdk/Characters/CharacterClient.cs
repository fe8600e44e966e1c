namespace Sora2.Sdk;

internal sealed class CharacterClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options) : ICharacterClient
{
    public async Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        VideoLimits.Check(request, options.ValidateRequests);
        await pipeline.Gate.WaitForTurnAsync(waiting: null, cancellationToken).ConfigureAwait(false);
        return await pipeline.CreateAsync(new Submission(platform.EncodeCharacter(request), request.TaskId ?? request.Url!.AbsoluteUri, SourceTaskId: request.TaskId), platform.DecodeCharacter, cancellationToken).ConfigureAwait(false);
    }
}
