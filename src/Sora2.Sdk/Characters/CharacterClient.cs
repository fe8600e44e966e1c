using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Characters;

internal sealed class CharacterClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options) : ICharacterClient
{
    public async Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.Validate(request, options.ValidateRequests);
        await pipeline.Gate.WaitForTurnAsync(waiting: null, cancellationToken).ConfigureAwait(false);
        return await pipeline.CreateAsync(new PaidRequest(platform.EncodeCharacter(request), request.TaskId ?? request.Url!.AbsoluteUri, SourceTaskId: request.TaskId), platform.DecodeCharacter, cancellationToken).ConfigureAwait(false);
    }
}
