using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Characters;

internal sealed class CharacterClient(ClientContext context, SubmissionPipeline submissions) : ICharacterClient
{
    public async Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.Validate(request, context.Options.ValidateRequests);
        var paid = PaidRequest.ForCharacter(context.Platform, request);
        return await submissions.SubmitAsync(paid, context.Platform.DecodeCharacter, cancellationToken).ConfigureAwait(false);
    }
}
