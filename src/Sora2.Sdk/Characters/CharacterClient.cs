namespace Sora2.Sdk;

internal sealed class CharacterClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options) : ICharacterClient
{
    public Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        VideoLimits.Check(request, options.ValidateRequests);
        return pipeline.SendAsync(platform.EncodeCharacter(request), platform.DecodeCharacter, taskId: null, cancellationToken);
    }
}
