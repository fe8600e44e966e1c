using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Platforms.Juxin;

/// <summary>聚鑫: tasks queried by query string, durations as numbers, storyboards as multipart.</summary>
/// <remarks>
/// Source: the requirements document of 2026-01-21, the practices document of 2025-12-28 and captured traffic of 2025-10 to 2025-11.
/// </remarks>
internal sealed class JuxinPlatform : Sora2Platform
{
    public override string Name => "juxin";

    public override string DisplayName => "聚鑫";

    public override Uri DefaultBaseAddress { get; } = new("https://api.jxincm.cn");

    public override string ApiKeyVariable => "SORA2_API_KEY";

    public override IReadOnlyList<VideoModel> Models { get; } =
    [
        new("sora-2-all",
        [
            new(TimeSpan.FromSeconds(10), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(4.5)),
            new(TimeSpan.FromSeconds(15), HighDefinition: false, TypicalTime: TimeSpan.FromMinutes(4.5)),
        ]),
    ];

    public override ApiRequest EncodeVideo(VideoRequest request)
    {
        var portrait = request.AspectRatio == AspectRatio.Portrait9x16;
        return ApiRequest.Post(CallKind.CreateVideo, "/v1/video/create", new JsonBody()
            .Add("model", request.Model ?? Models[0].Name) // without it the relay uses another model family
            .Add("prompt", request.Prompt)
            .Add("duration", (decimal)(request.Duration ?? VideoFormat.DefaultDuration).TotalSeconds) // a number, unlike Zhenzhen
            .Add("aspect_ratio", portrait ? "9:16" : "16:9") // the documents disagree on the name: both are sent
            .Add("orientation", portrait ? "portrait" : "landscape")
            .Add("size", "small")
            .Add("watermark", request.Watermark)
            .Add("private", request.Private)
            .Add("images", request.Images)
            .AddExtraFields(request.ExtraFields));
    }

    public override ApiRequest EncodeQuery(string taskId) =>
        ApiRequest.Get(CallKind.Query, $"/v1/video/query?id={Uri.EscapeDataString(taskId)}");

    public override ApiRequest EncodeStoryboard(Storyboard storyboard) =>
        ApiRequest.Post(CallKind.CreateStoryboard, "/v1/videos", new MultipartBody()
            .Add("model", storyboard.Model ?? Models[0].Name)
            .Add("prompt", storyboard.ToPrompt())
            .Add("seconds", DurationFormat.Seconds(storyboard.TotalDuration)) // without it the relay makes 10 s
            .Add("size", storyboard.AspectRatio == AspectRatio.Portrait9x16 ? "9x16" : "16x9")
            .Add("watermark", storyboard.Watermark ? "true" : "false")
            .Add("private", storyboard.Private ? "true" : "false")
            .AddExtraFields(storyboard.ExtraFields)
            .Add("input_reference", storyboard.AllImages));

    public override ApiRequest EncodeCharacter(CharacterRequest request) =>
        ApiRequest.Post(CallKind.CreateCharacter, "/sora/v1/characters", CharacterBody.Create(request));

    public override ApiRequest EncodeModelList() => ApiRequest.Get(CallKind.Query, "/v1/models");

    // OpenAI's protocol: the documented page 377800351, and new-api's route, seen 2026-11.
    internal override string ContentPath(string taskId) => $"/v1/videos/{Uri.EscapeDataString(taskId)}/content";
}
