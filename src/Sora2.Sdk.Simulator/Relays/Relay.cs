using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>What both relays do alike: check the key, know their models, take orders, answer queries, make characters, and the routes from OpenAI's video API.</summary>
internal abstract class Relay(World world, IReadOnlyList<ModelLimits> models) : ISite
{
    private const string ModelsPath = "/v1/models";
    private const string CharactersPath = "/sora/v1/characters";
    private static readonly string[] ApiPrefixes = ["/v1", "/api", "/assets"];

    private readonly Account _account = new();

    public abstract string Name { get; }

    public string RequestIdHeader => "X-Oneapi-Request-Id";

    protected World World { get; } = world;

    public SimulatorOperation Recognise(ReceivedRequest request)
    {
        if (request.Is("GET", ModelsPath))
        {
            return SimulatorOperation.ListModels;
        }

        if (request.Is("POST", FileRoute.Path))
        {
            return SimulatorOperation.UploadFile;
        }

        if (Account.Knows(request))
        {
            return SimulatorOperation.Account;
        }

        if (request.Is("POST", CharactersPath))
        {
            return SimulatorOperation.CreateCharacter;
        }

        return VideosPath.Of(request) is { } path ? RecogniseVideos(request, path) : RecogniseOwn(request);
    }

    public Answer Handle(ReceivedRequest request, SimulatorOperation operation)
    {
        if (operation == SimulatorOperation.Unknown)
        {
            return NoRoute(request);
        }

        if (Credentials.Of(request, World.Keys).Matched != true)
        {
            return PlatformErrors.BadKey(request);
        }

        var answer = operation switch
        {
            SimulatorOperation.ListModels => ListModels(),
            SimulatorOperation.UploadFile => FileRoute.Upload(request, World),
            SimulatorOperation.Account => _account.Read(request),
            SimulatorOperation.CreateCharacter => CharacterRoute.Create(request, World),
            _ when VideosPath.Of(request) is { } path => HandleVideos(request, path),
            SimulatorOperation.Query => Query(request, AskedTask(request), PlatformErrors.TaskNotExist(400)),
            _ => Create(request),
        };
        if (answer.WasBilled)
        {
            _account.Charge();
        }

        return answer;
    }

    /// <summary>The title of the platform's web site.</summary>
    protected abstract string SiteTitle { get; }

    /// <summary>The routes that this platform has for itself.</summary>
    protected abstract SimulatorOperation RecogniseOwn(ReceivedRequest request);

    /// <summary>What a create on <c>/v1/videos</c> counts as.</summary>
    protected abstract SimulatorOperation RecogniseVideosCreate(ReceivedRequest request);

    /// <summary>A create on the platform's own route.</summary>
    protected abstract Answer Create(ReceivedRequest request);

    /// <summary>The frame of a create on <c>/v1/videos</c>.</summary>
    protected abstract bool IsPortraitVideo(FieldReader fields);

    /// <summary>The id in a query's address, unescaped.</summary>
    protected abstract string AskedTask(ReceivedRequest request);

    protected abstract string NewTaskId();

    protected abstract JsonObject DescribeAccepted(SimulatedTask task);

    protected abstract JsonObject Describe(SimulatedTask task, TaskMoment moment);

    /// <summary>The same as <see cref="DescribeAccepted"/> on <c>/v1/videos</c>.</summary>
    protected abstract JsonObject DescribeAcceptedVideo(SimulatedTask task);

    /// <summary>The same as <see cref="Describe"/> on <c>/v1/videos</c>.</summary>
    protected abstract JsonObject DescribeVideo(SimulatedTask task, TaskMoment moment);

    /// <summary>Puts a scripted status and progress where this platform has them.</summary>
    protected abstract void Overwrite(JsonObject answer, ScriptedStatus scripted);

    /// <summary>Judges an order by the model's limits and takes it: from here on it is paid.</summary>
    protected Answer Accept(ReceivedRequest request, FieldReader fields, VideoOrder order)
    {
        // The distributor picks a channel by the model's name before anything else is looked at.
        if (order.Model.Length == 0 && !fields.IsStrict)
        {
            return PlatformErrors.NoModel(request);
        }

        var model = models.LastOrDefault(model => model.Name == order.Model);
        if (model is null && order.Model.Length > 0)
        {
            return PlatformErrors.NoChannel(503, order.Model, request);
        }

        var isVideosRoute = VideosPath.Of(request) is not null;
        if (fields.Problem is null && !model!.IsFree && (fields.IsStrict || !isVideosRoute))
        {
            // openai's own packages know other lengths, and what becomes of those on /v1/videos was never seen.
            CheckLength(fields, order, model);
        }

        if (fields.Problem is { } problem)
        {
            return PlatformErrors.InvalidField(problem, request);
        }

        var mentioned = PromptText.Mentions(order.Prompt);
        var stranger = mentioned.FirstOrDefault(name => PromptText.LooksLikeCharacter(name) && !World.KnowsCharacter(name));
        var failure = PromptText.RequestedFailure(order.Prompt) ?? (stranger is null ? null : $"角色 @{stranger} 不存在");
        var task = new SimulatedTask(NewTaskId(), Name, order, failure, World.Now);
        if (request.Fault.Course is { } course)
        {
            task.Follow(course);
        }

        World.Add(task);
        return Answer.Json(200, isVideosRoute ? DescribeAcceptedVideo(task) : DescribeAccepted(task)) with
        {
            TaskId = task.Id,
            WasBilled = true,
            Mentions = [.. mentioned.Where(World.KnowsCharacter)],
        };
    }

    /// <summary>The JSON object of a request; null when the body is something else.</summary>
    protected static JsonElement? ObjectOf(ReceivedRequest request) =>
        request.HasMediaType("application/json") && request.Json is { ValueKind: JsonValueKind.Object } body ? body : null;

    protected static Answer NotJson(ReceivedRequest request) =>
        PlatformErrors.InvalidField(new FieldProblem("body", "must be a JSON object with the content type application/json"), request);

    /// <summary>How closely a request for this model is looked at.</summary>
    protected FieldRules RulesFor(string? model) =>
        models.Any(known => known.IsFree && known.Name == model) ? FieldRules.Free
        : World.Options.Strict ? FieldRules.Strict
        : FieldRules.Lenient;

    /// <summary>The fields of a JSON object, by the rules for its model.</summary>
    protected JsonFields Read(JsonElement body) =>
        new(body, RulesFor(body.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null));

    /// <summary>The prompt of a request, in whichever form it came; null where there is none.</summary>
    protected static string? PromptOf(ReceivedRequest request)
    {
        if (ObjectOf(request) is not { } body)
        {
            return request.Form?.Fields.GetValueOrDefault("prompt")?[0];
        }

        return body.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;
    }

    private SimulatorOperation RecogniseVideos(ReceivedRequest request, VideosPath path) => (request.Method, path) switch
    {
        ("POST", { TaskId: null }) => RecogniseVideosCreate(request),
        ("POST", { Part: "remix" }) => SimulatorOperation.CreateVideo,
        ("GET", { TaskId: not null, Part: null }) => SimulatorOperation.Query,
        ("GET" or "HEAD", { Part: "content" }) => SimulatorOperation.Media,
        _ => SimulatorOperation.Unknown,
    };

    private Answer HandleVideos(ReceivedRequest request, VideosPath path)
    {
        if (path.TaskId is not { } id)
        {
            return CreateVideo(request);
        }

        if (path.Part is null)
        {
            return Query(request, id, PlatformErrors.VideoNotExist(400));
        }

        if (FindOwn(id) is not { } task)
        {
            return PlatformErrors.VideoNotExist(request.Method == "POST" ? 400 : 404) with { TaskId = id };
        }

        return path.Part == "remix" ? Remix(request, task) : ContentRoute.Read(request, task, World) with { TaskId = id };
    }

    private Answer CreateVideo(ReceivedRequest request)
    {
        if (FieldsOf(request) is not { } fields)
        {
            return PlatformErrors.InvalidField(new FieldProblem("body", "must be multipart/form-data"), request);
        }

        var order = new VideoOrder
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
        return Accept(request, fields, order);
    }

    /// <summary>The same video with another prompt: length, frame and model are the origin's.</summary>
    private Answer Remix(ReceivedRequest request, SimulatedTask origin)
    {
        FieldReader? fields = ObjectOf(request) is { } body ? new JsonFields(body, RulesFor(origin.Order.Model))
            : request.Form is { } form ? new FormFields(form, RulesFor(origin.Order.Model))
            : null;
        if (fields is null)
        {
            return NotJson(request);
        }

        return World.HasVideo(origin)
            ? Accept(request, fields, origin.Order with { Prompt = fields.RequiredPrompt(), Images = [], RemixedFrom = origin.Id })
            : PlatformErrors.NotFinished(request) with { TaskId = origin.Id };
    }

    /// <summary>The fields of a create on <c>/v1/videos</c>; null when the body is in none of the forms that are taken.</summary>
    private FieldReader? FieldsOf(ReceivedRequest request)
    {
        if (request.Form is { } form)
        {
            return new FormFields(form, RulesFor(form.Fields.GetValueOrDefault("model")?[0]));
        }

        return !World.Options.Strict && ObjectOf(request) is { } body ? Read(body) : null;
    }

    // The gateway's own paths know errors; everything else falls through to the web site.
    private Answer NoRoute(ReceivedRequest request) =>
        ApiPrefixes.Any(prefix => request.Path.StartsWith(prefix, StringComparison.Ordinal))
            ? PlatformErrors.InvalidUrl(request)
            : Answer.Html(200, SiteTitle, "统一的大模型接口网关");

    private SimulatedTask? FindOwn(string id) => World.FindTask(id) is { } task && task.Platform == Name ? task : null;

    private static void CheckLength(FieldReader fields, VideoOrder order, ModelLimits model)
    {
        var allowed = order.HighDefinition ? model.HighDefinitionSeconds : model.Seconds;
        if (order.HighDefinition && allowed.Count == 0)
        {
            fields.Reject("hd", $"{order.Model} makes no HD");
        }
        else if (!allowed.Contains(order.Length))
        {
            fields.Reject(order.SecondsField, $"{order.Model} makes {string.Join(", ", allowed)} seconds{(order.HighDefinition ? " in HD" : "")}, not {order.Length}");
        }
        else if (fields.IsStrict && PromptText.IsStoryboard(order.Prompt))
        {
            CheckShots(fields, order);
        }
    }

    private static void CheckShots(FieldReader fields, VideoOrder order)
    {
        var total = PromptText.TotalSeconds(order.Prompt);
        if (total is null)
        {
            fields.Reject("prompt", "a shot's duration must read like 'duration: 7.5sec'");
        }
        else if (total > order.Length)
        {
            fields.Reject(order.SecondsField, FormattableString.Invariant($"the shots last {total} seconds together, more than {order.Length}"));
        }
    }

    private Answer Query(ReceivedRequest request, string id, Answer unknown)
    {
        if (FindOwn(id) is not { } task)
        {
            return unknown with { TaskId = id };
        }

        if (request.Fault.Course is { } course)
        {
            task.Follow(course);
        }

        return Answer.Json(200, DescribeNow(task, VideosPath.Of(request) is null ? Describe : DescribeVideo)) with { TaskId = id };
    }

    private JsonObject DescribeNow(SimulatedTask task, Func<SimulatedTask, TaskMoment, JsonObject> describe)
    {
        var moment = World.MomentOf(task);
        var scripted = task.NextScripted();
        if (scripted is not null)
        {
            moment = moment.As(scripted, World.Now);
        }

        if (moment.Stage == TaskStage.Succeeded)
        {
            task.ShowVideo();
        }

        var answer = describe(task, moment);
        if (scripted is not null)
        {
            Overwrite(answer, scripted);
        }

        return answer;
    }

    /// <summary>Sets a field to raw JSON; <paramref name="absent"/> takes it out.</summary>
    protected static void SetRaw(JsonObject target, string field, string? json, bool absent)
    {
        if (absent)
        {
            target.Remove(field);
        }
        else
        {
            target[field] = JsonNode.Parse(json!);
        }
    }

    private Answer ListModels()
    {
        var list = models.DistinctBy(model => model.Name, StringComparer.Ordinal).Select(model => (JsonNode?)new JsonObject
        {
            ["id"] = model.Name,
            ["object"] = "model",
            ["created"] = 1626777600,
            ["owned_by"] = "custom",
        });
        return Answer.Json(200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. list]) });
    }
}
