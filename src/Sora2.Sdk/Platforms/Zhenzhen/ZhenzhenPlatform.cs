using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms.Zhenzhen;

/// <summary>贞贞: tasks queried by path, durations as strings, storyboards through the plain create call.</summary>
/// <remarks>Source: the practices document of 2025-12-28 and captured traffic of 2025-09 to 2025-11.</remarks>
internal sealed class ZhenzhenPlatform : Sora2Platform
{
    public override string Name => "zhenzhen";

    public override string DisplayName => "贞贞";

    public override Uri DefaultBaseAddress { get; } = new("https://ai.t8star.cn");

    public override IReadOnlyList<VideoModel> Models { get; } =
    [
        new("sora-2",
        [
            new(TimeSpan.FromSeconds(10), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(4.5)),
            new(TimeSpan.FromSeconds(15), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(4.5)),
        ]),
        new("sora-2-pro",
        [
            new(TimeSpan.FromSeconds(10), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(10)),
            new(TimeSpan.FromSeconds(15), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(10)),
            new(TimeSpan.FromSeconds(25), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(30)),
            new(TimeSpan.FromSeconds(10), HighDefinition: true, TypicalTime: TimeSpan.FromMinutes(20)),
            new(TimeSpan.FromSeconds(15), HighDefinition: true, TypicalTime: TimeSpan.FromMinutes(20)),
        ]),
        new("sora-2-vip",
        [
            new(TimeSpan.FromSeconds(10), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(4.5)),
        ]),
    ];

    public override ApiRequest EncodeVideo(VideoRequest request)
    {
        var body = new JsonBody()
            .Add("model", request.Model ?? Models[0].Name)
            .Add("prompt", request.Prompt)
            .Add("aspect_ratio", request.AspectRatio == AspectRatio.Portrait9x16 ? "9:16" : "16:9")
            .Add("duration", DurationFormat.Seconds(request.Duration ?? VideoFormat.DefaultDuration)) // a string, unlike Juxin
            .Add("hd", request.HighDefinition)
            .Add("watermark", request.Watermark)
            .Add("private", request.Private);
        if (request.Images.Count > 0)
        {
            body.Add("images", request.Images);
        }

        return ApiRequest.Post(CallKind.CreateVideo, "/v2/videos/generations", body.AddExtraFields(request.ExtraFields));
    }

    public override ApiRequest EncodeQuery(string taskId) =>
        ApiRequest.Get(CallKind.Query, $"/v2/videos/generations/{Uri.EscapeDataString(taskId)}");

    public override ApiRequest EncodeCharacter(CharacterRequest request) =>
        ApiRequest.Post(CallKind.CreateCharacter, "/sora/v1/characters", CharacterBody.Create(request));

    public override ApiRequest EncodeModelList() => ApiRequest.Get(CallKind.Query, "/v1/models");

    // OpenAI's protocol: new-api's route, seen 2026-11.
    internal override string ContentPath(string taskId) => $"/v1/videos/{Uri.EscapeDataString(taskId)}/content";
}
