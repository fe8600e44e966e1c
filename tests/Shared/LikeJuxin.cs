using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.TestSupport;

/// <summary>The base of test platforms that encode requests as Juxin does.</summary>
public abstract class LikeJuxin(string name) : Sora2Platform
{
    public override string Name => name;

    public override string DisplayName => name;

    public override Uri DefaultBaseAddress => Juxin.DefaultBaseAddress;

    public override IReadOnlyList<VideoModel> Models => Juxin.Models;

    public override ApiRequest EncodeVideo(VideoRequest request) => Juxin.EncodeVideo(request);

    public override ApiRequest EncodeQuery(string taskId) => Juxin.EncodeQuery(taskId);

    public override ApiRequest EncodeCharacter(CharacterRequest request) => Juxin.EncodeCharacter(request);
}
