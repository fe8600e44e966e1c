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

    public override IReadOnlyList<VideoModel> Models { get; } =
    [
        SoraFields.Model("sora-2-all", hasSeed: false, SoraFields.Format(seconds: 10, 4.5), SoraFields.Format(seconds: 15, 4.5)),
    ];

    public override ApiRequest EncodeVideo(VideoRequest request)
    {
        SoraFields.RefuseUnsent($"{Title}'s create call", (nameof(request.HighDefinition), request.HighDefinition == true));
        var model = request.Model ?? Models[0].Name; // without it the relay uses another model family
        var body = new JsonBody().Add("model", model).Add("prompt", request.Prompt);
        return ApiRequest.Post(CallKind.CreateVideo, "/v1/video/create", (SoraFields.IsSora(model) ? AddSora(body) : AddSet(body))
            .AddExtraFields(request.ExtraFields));

        JsonBody AddSora(JsonBody body)
        {
            var portrait = request.AspectRatio?.IsPortrait == true;
            SoraFields.RefuseUnsent(
                $"{Title}'s create call for Sora",
                (nameof(request.Resolution), request.Resolution is not null),
                ($"{nameof(request.AspectRatio)} {request.AspectRatio}", request.AspectRatio is { Width: 0 }));
            return body
                .Add("duration", (decimal)(request.Duration ?? VideoFormat.DefaultDuration).TotalSeconds) // a number, unlike Zhenzhen
                .Add("aspect_ratio", request.AspectRatio?.ToString() ?? "16:9") // the documents disagree on the name: both are sent
                .Add("orientation", portrait ? "portrait" : "landscape")
                .Add("size", "small")
                .Add("watermark", request.Watermark ?? false)
                .Add("private", request.Private ?? false)
                .AddSettings(request)
                .Add("images", SoraFields.InOrder(request.Images));
        }

        // Fields of veo, grok and jimeng as far as they are known; source: wire-models.md, 2026-11-27.
        JsonBody AddSet(JsonBody body)
        {
            body.AddIfSet("duration", (decimal?)request.Duration?.TotalSeconds)
                .AddIfSet("aspect_ratio", request.AspectRatio?.ToString())
                .AddIfSet("size", request.Resolution?.Upper)
                .AddIfSet("watermark", request.Watermark)
                .AddIfSet("private", request.Private)
                .AddSettings(request);
            return request.Images.Count == 0 ? body : body.Add("images", SoraFields.InOrder(request.Images));
        }
    }

    public override ApiRequest EncodeQuery(string taskId) =>
        ApiRequest.Get(CallKind.Query, $"/v1/video/query?id={Uri.EscapeDataString(taskId)}");

    public override ApiRequest EncodeStoryboard(Storyboard storyboard)
    {
        var model = storyboard.Model ?? Models[0].Name;
        var isSora = SoraFields.IsSora(model);
        SoraFields.RefuseUnsent(
            $"{Title}'s storyboard form",
            (nameof(storyboard.HighDefinition), storyboard.HighDefinition == true),
            (nameof(storyboard.Resolution), storyboard.Resolution is not null),
            (nameof(storyboard.GenerateAudio), storyboard.GenerateAudio is not null),
            (nameof(storyboard.Seed), storyboard.Seed is not null),
            (nameof(storyboard.NegativePrompt), storyboard.NegativePrompt is not null),
            ($"{nameof(storyboard.AspectRatio)} {storyboard.AspectRatio}", storyboard.AspectRatio is { Width: 0 }));
        var body = new MultipartBody()
            .Add("model", model)
            .Add("prompt", storyboard.ToPrompt())
            .Add("seconds", DurationFormat.Seconds(storyboard.TotalDuration)); // without it the relay makes 10 s
        Add("size", storyboard.AspectRatio is { } ratio ? $"{ratio.Width}x{ratio.Height}" : null, "16x9");
        Add("watermark", storyboard.Watermark?.ToString().ToLowerInvariant(), "false");
        Add("private", storyboard.Private?.ToString().ToLowerInvariant(), "false");
        return ApiRequest.Post(CallKind.CreateStoryboard, "/v1/videos", body
            .AddExtraFields(storyboard.ExtraFields)
            .Add("input_reference", SoraFields.InOrder(storyboard.AllImages)));

        void Add(string name, string? value, string ofSora)
        {
            if ((value ?? (isSora ? ofSora : null)) is { } text)
            {
                body.Add(name, text);
            }
        }
    }

    // OpenAI's route, in the pages of Juxin's software; source: wire-models.md, section 4, 2026-11-27.
    public override ApiRequest EncodeRemix(RemixRequest request) =>
        ApiRequest.Post(
            CallKind.CreateRemix,
            $"/v1/videos/{Uri.EscapeDataString(request.Source.Id)}/remix",
            new JsonBody().Add("prompt", request.Prompt).AddExtraFields(request.ExtraFields));

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

    // OpenAI's protocol: the documented page 377800351, and new-api's route, seen 2026-11.
    internal override string ContentPath(string taskId) => $"/v1/videos/{Uri.EscapeDataString(taskId)}/content";
}
