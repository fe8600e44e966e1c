using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The behaviour of both relays: keys, models, creates, queries, characters and the routes from OpenAI's video API.</summary>
internal abstract partial class Relay(SimulatorState state, IReadOnlyList<ModelLimits> models) : ISimulatedHost
{
    private const string ModelsPath = "/v1/models";
    private const string CharactersPath = "/sora/v1/characters";
    private static readonly string[] ApiPrefixes = ["/v1", "/api", "/assets"];

    private readonly AccountRoute _account = new(state.Options);

    public abstract string Name { get; }

    public string RequestIdHeader => "X-Oneapi-Request-Id";

    protected SimulatorState State { get; } = state;

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

        if (_account.Handles(request))
        {
            return SimulatorOperation.Account;
        }

        if (request.Is("POST", CharactersPath))
        {
            return SimulatorOperation.CreateCharacter;
        }

        return VideosPath.TryParse(request) is { } path ? RecogniseVideos(request, path) : RecogniseOwn(request);
    }

    public SimulatedResponse Handle(ReceivedRequest request, SimulatorOperation operation)
    {
        if (operation == SimulatorOperation.Unknown)
        {
            return NoRoute(request);
        }

        if (Credentials.From(request, State.Keys).Matched != true)
        {
            return PlatformErrors.BadKey(request);
        }

        var isPaid = IsPaid(operation);
        if (isPaid && !_account.TryCharge())
        {
            return PlatformErrors.QuotaExhausted(403, request);
        }

        var response = operation switch
        {
            SimulatorOperation.ListModels => ListModels(),
            SimulatorOperation.UploadFile => FileRoute.Upload(request, State),
            SimulatorOperation.Account => _account.Read(request),
            SimulatorOperation.CreateCharacter => CharacterRoute.Create(request, State),
            _ when VideosPath.TryParse(request) is { } path => HandleVideos(request, path),
            SimulatorOperation.Query => Query(request, QueriedTaskId(request), PlatformErrors.TaskNotExist(400)),
            _ => Create(request),
        };
        if (isPaid && !response.WasBilled)
        {
            _account.Refund();
        }

        return response;
    }

    private static bool IsPaid(SimulatorOperation operation) => operation
        is SimulatorOperation.CreateVideo or SimulatorOperation.CreateStoryboard or SimulatorOperation.CreateCharacter;

    /// <summary>The title of the platform's web site.</summary>
    protected abstract string WebsiteTitle { get; }

    /// <summary>Determines the operation of a request on one of this platform's own routes.</summary>
    protected abstract SimulatorOperation RecogniseOwn(ReceivedRequest request);

    /// <summary>Determines the operation of a create on <c>/v1/videos</c>.</summary>
    protected abstract SimulatorOperation RecogniseVideosCreate(ReceivedRequest request);

    /// <summary>Handles a create on the platform's own route.</summary>
    protected abstract SimulatedResponse Create(ReceivedRequest request);

    /// <summary>Reads the orientation of a create on <c>/v1/videos</c>.</summary>
    protected abstract bool IsPortraitVideo(FieldReader fields);

    /// <summary>Returns the task id in a query's address, unescaped.</summary>
    protected abstract string QueriedTaskId(ReceivedRequest request);

    protected abstract string NewTaskId();

    protected abstract JsonObject DescribeAccepted(SimulatedTask task);

    protected abstract JsonObject Describe(SimulatedTask task, TaskSnapshot snapshot);

    /// <summary><see cref="DescribeAccepted"/> for <c>/v1/videos</c>.</summary>
    protected abstract JsonObject DescribeAcceptedVideo(SimulatedTask task);

    /// <summary><see cref="Describe"/> for <c>/v1/videos</c>.</summary>
    protected abstract JsonObject DescribeVideo(SimulatedTask task, TaskSnapshot snapshot);

    /// <summary>Writes a scripted status and progress into this platform's fields.</summary>
    protected abstract void Overwrite(JsonObject response, ScriptedStatus scripted);

    /// <summary>Validates a create against the model's limits and accepts it, which bills it.</summary>
    protected SimulatedResponse Accept(ReceivedRequest request, FieldReader fields, VideoParameters parameters)
    {
        // The distributor chooses a channel by the model's name before it validates anything else.
        if (parameters.Model.Length == 0 && !fields.IsStrict)
        {
            return PlatformErrors.NoModel(request);
        }

        var model = models.LastOrDefault(model => model.Name == parameters.Model);
        if (model is null && parameters.Model.Length > 0)
        {
            return PlatformErrors.NoChannel(503, parameters.Model, request);
        }

        var isVideosRoute = VideosPath.TryParse(request) is not null;
        if (fields.Problem is null && !model!.IsUnrestricted && (fields.IsStrict || !isVideosRoute))
        {
            // OpenAI's own packages send other lengths, and the platforms' response to those on /v1/videos is not known.
            model.Check(fields, parameters);
        }

        if (fields.Problem is { } problem)
        {
            return PlatformErrors.InvalidField(problem, request);
        }

        var mentioned = PromptText.Mentions(parameters.Prompt);
        var unknownCharacter = mentioned.FirstOrDefault(name => PromptText.LooksLikeCharacter(name) && !State.KnowsCharacter(name));
        var failure = PromptText.RequestedFailure(parameters.Prompt)
            ?? (unknownCharacter is null ? null : $"角色 @{unknownCharacter} 不存在");
        var task = new SimulatedTask(NewTaskId(), Name, parameters, failure, State.Now);
        if (request.Fault.Script is { } script)
        {
            task.Apply(script);
        }

        State.Add(task);
        return SimulatedResponse.Json(200, isVideosRoute ? DescribeAcceptedVideo(task) : DescribeAccepted(task)) with
        {
            TaskId = task.Id,
            WasBilled = true,
            Mentions = [.. mentioned.Where(State.KnowsCharacter)],
        };
    }

    /// <summary>Returns the JSON object of a request; null when the body is not a JSON object.</summary>
    protected static JsonElement? ObjectOf(ReceivedRequest request) =>
        request.HasMediaType("application/json") && request.Json is { ValueKind: JsonValueKind.Object } body ? body : null;

    /// <summary>Returns the rules for a request for this model.</summary>
    protected FieldRules RulesFor(string? model) =>
        models.Any(known => known.IsUnrestricted && known.Name == model) ? FieldRules.Unrestricted
        : State.Options.Strict ? FieldRules.Strict
        : FieldRules.Lenient;

    /// <summary>Returns the fields of a JSON object, with the rules for its model.</summary>
    protected JsonFields Read(JsonElement body)
    {
        var model = body.TryGetProperty("model", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new JsonFields(body, RulesFor(model));
    }

    /// <summary>Returns the prompt of a JSON or multipart request; null where there is none.</summary>
    protected static string? PromptOf(ReceivedRequest request)
    {
        if (ObjectOf(request) is not { } body)
        {
            return request.Form?.Fields.GetValueOrDefault("prompt")?[0];
        }

        return body.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;
    }

    // The gateway responds with an error only under its own paths; every other path is served by the web site.
    private SimulatedResponse NoRoute(ReceivedRequest request) =>
        ApiPrefixes.Any(prefix => request.Path.StartsWith(prefix, StringComparison.Ordinal))
            ? PlatformErrors.InvalidUrl(request)
            : SimulatedResponse.Html(200, WebsiteTitle, "统一的大模型接口网关");

    private SimulatedTask? FindTask(string id) => State.FindTask(id) is { } task && task.Platform == Name ? task : null;

    private SimulatedResponse Query(ReceivedRequest request, string id, SimulatedResponse unknown)
    {
        if (FindTask(id) is not { } task)
        {
            return unknown with { TaskId = id };
        }

        if (request.Fault.Script is { } script)
        {
            task.Apply(script);
        }

        var body = DescribeNow(task, VideosPath.TryParse(request) is null ? Describe : DescribeVideo);
        return SimulatedResponse.Json(200, body) with { TaskId = id };
    }

    private JsonObject DescribeNow(SimulatedTask task, Func<SimulatedTask, TaskSnapshot, JsonObject> describe)
    {
        var snapshot = State.SnapshotOf(task);
        var scripted = task.NextScripted();
        if (scripted is not null)
        {
            snapshot = snapshot.WithScript(scripted, State.Now);
        }

        if (snapshot.Stage == TaskStage.Succeeded)
        {
            task.ReportVideo();
        }

        var response = describe(task, snapshot);
        if (scripted is not null)
        {
            Overwrite(response, scripted);
        }

        return response;
    }

    /// <summary>Sets a field to raw JSON, or removes it when <paramref name="absent"/> is set.</summary>
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

    private SimulatedResponse ListModels()
    {
        var list = models.DistinctBy(model => model.Name, StringComparer.Ordinal).Select(model => (JsonNode?)new JsonObject
        {
            ["id"] = model.Name,
            ["object"] = "model",
            ["created"] = 1626777600,
            ["owned_by"] = "custom",
        });
        return SimulatedResponse.Json(200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. list]) });
    }
}
