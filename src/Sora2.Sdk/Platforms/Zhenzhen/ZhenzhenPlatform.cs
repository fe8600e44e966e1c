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
        SoraFields.Model("sora-2", hasSeed: true, SoraFields.Format(seconds: 10, 4.5), SoraFields.Format(seconds: 15, 4.5)),
        SoraFields.Model(
            "sora-2-pro",
            hasSeed: true,
            SoraFields.Format(seconds: 10, 10),
            SoraFields.Format(seconds: 15, 10),
            SoraFields.Format(seconds: 25, 30),
            SoraFields.Format(seconds: 10, 20, highDefinition: true),
            SoraFields.Format(seconds: 15, 20, highDefinition: true)),
        SoraFields.Model("sora-2-vip", hasSeed: true, SoraFields.Format(seconds: 10, 4.5)),
    ];

    public override ApiRequest EncodeVideo(VideoRequest request)
    {
        var model = request.Model ?? Models[0].Name;
        var isSora = SoraFields.IsSora(model);
        var body = new JsonBody()
            .Add("model", model)
            .Add("prompt", request.Prompt)
            .AddIfSet("aspect_ratio", request.AspectRatio?.ToString() ?? (isSora ? "16:9" : null));
        if ((request.Duration ?? (isSora ? VideoFormat.DefaultDuration : null)) is { } duration)
        {
            // A string for Sora, unlike Juxin; a number for the other models. Source: wire-models.md, section 2, 2026-11-27.
            body = isSora ? body.Add("duration", DurationFormat.Seconds(duration)) : body.Add("duration", (decimal)duration.TotalSeconds);
        }

        body.AddIfSet("hd", request.HighDefinition ?? (isSora ? false : null))
            .AddIfSet("watermark", request.Watermark ?? (isSora ? false : null))
            .AddIfSet("private", request.Private ?? (isSora ? false : null))
            .AddIfSet("resolution", request.Resolution?.Upper)
            .AddSettings(request);
        if (request.Images.Count > 0)
        {
            body.Add("images", SoraFields.InOrder(request.Images));
        }

        return ApiRequest.Post(CallKind.CreateVideo, "/v2/videos/generations", body.AddExtraFields(request.ExtraFields));
    }

    public override ApiRequest EncodeQuery(string taskId) =>
        ApiRequest.Get(CallKind.Query, $"/v2/videos/generations/{Uri.EscapeDataString(taskId)}");

    public override ApiRequest EncodeCharacter(CharacterRequest request) =>
        ApiRequest.Post(CallKind.CreateCharacter, "/sora/v1/characters", CharacterBody.Create(request));

    public override ApiRequest EncodeModelList() => ApiRequest.Get(CallKind.Query, "/v1/models");

    // new-api's routes, which an operator can switch off: of the key, in units; else in whatever unit the web site shows.
    public override IReadOnlyList<ApiRequest> EncodeBalance() =>
    [
        ApiRequest.Get(CallKind.Query, "/api/usage/token/"),
        ApiRequest.Get(CallKind.Query, "/v1/dashboard/billing/subscription"),
        ApiRequest.Get(CallKind.Query, "/v1/dashboard/billing/usage"),
    ];

    // OpenAI's protocol: new-api's route, seen 2026-11.
    internal override string ContentPath(string taskId) => $"/v1/videos/{Uri.EscapeDataString(taskId)}/content";
}
