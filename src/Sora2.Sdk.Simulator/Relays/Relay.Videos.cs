using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <content>The routes of OpenAI's video API under <c>/v1/videos</c>.</content>
internal abstract partial class Relay
{
    private SimulatorOperation RecogniseVideos(ReceivedRequest request, VideosPath path) => (request.Method, path) switch
    {
        ("POST", { TaskId: null }) => RecogniseVideosCreate(request),
        ("POST", { Part: "remix" }) => SimulatorOperation.CreateVideo,
        ("GET", { TaskId: not null, Part: null }) => SimulatorOperation.Query,
        ("GET" or "HEAD", { Part: "content" }) => SimulatorOperation.Media,
        _ => SimulatorOperation.Unknown,
    };

    private SimulatedResponse HandleVideos(ReceivedRequest request, VideosPath path)
    {
        if (path.TaskId is not { } id)
        {
            return CreateVideo(request);
        }

        if (path.Part is null)
        {
            return Query(request, id, PlatformErrors.VideoNotExist(400));
        }

        if (FindTask(id) is not { } task)
        {
            return PlatformErrors.VideoNotExist(request.Method == "POST" ? 400 : 404) with { TaskId = id };
        }

        return path.Part == "remix" ? Remix(request, task) : ContentRoute.Read(request, task, State) with { TaskId = id };
    }

    private SimulatedResponse CreateVideo(ReceivedRequest request)
    {
        if (FieldsOf(request) is not { } fields)
        {
            return PlatformErrors.InvalidField(new FieldProblem("body", "must be multipart/form-data"), request);
        }

        var parameters = new VideoParameters
        {
            Model = fields.Model(),
            Prompt = fields.RequiredPrompt(),
            Seconds = fields.OptionalSeconds("seconds"),
            Portrait = IsPortraitVideo(fields),
            Images = fields.References(),
            SecondsField = "seconds",
        };
        fields.OptionalText("watermark", "true", "false");
        fields.OptionalText("private", "true", "false");
        return Accept(request, fields, parameters);
    }

    /// <summary>Creates a video with another prompt and the length, orientation and model of an existing task.</summary>
    private SimulatedResponse Remix(ReceivedRequest request, SimulatedTask origin)
    {
        FieldReader? fields = ObjectOf(request) is { } body ? new JsonFields(body, RulesFor(origin.Parameters.Model))
            : request.Form is { } form ? new FormFields(form, RulesFor(origin.Parameters.Model))
            : null;
        if (fields is null)
        {
            return PlatformErrors.NotJson(request);
        }

        return State.HasVideo(origin)
            ? Accept(request, fields, origin.Parameters with { Prompt = fields.RequiredPrompt(), Images = [], RemixedFrom = origin.Id })
            : PlatformErrors.NotFinished(request) with { TaskId = origin.Id };
    }

    /// <summary>Returns the fields of a create on <c>/v1/videos</c>; null when the body is in no accepted format.</summary>
    private FieldReader? FieldsOf(ReceivedRequest request)
    {
        if (request.Form is { } form)
        {
            return new FormFields(form, RulesFor(form.Fields.GetValueOrDefault("model")?[0]));
        }

        return !State.Options.Strict && ObjectOf(request) is { } body ? Read(body) : null;
    }
}
