using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>What both relays do alike: check the key, know their models, take orders, answer queries, make characters.</summary>
internal abstract class Relay(World world, IReadOnlyList<ModelLimits> models) : ISite
{
    private const string ModelsPath = "/v1/models";
    private const string CharactersPath = "/sora/v1/characters";

    public abstract string Name { get; }

    public string RequestIdHeader => "X-Oneapi-Request-Id";

    protected World World { get; } = world;

    public SimulatorOperation Recognise(ReceivedRequest request)
    {
        if (request.Is("GET", ModelsPath))
        {
            return SimulatorOperation.ListModels;
        }

        if (World.Options.VideoLinkKind != VideoLinkKind.MediaHost && ContentRoute.AskedTask(request) is not null)
        {
            return SimulatorOperation.Media;
        }

        return request.Is("POST", CharactersPath) ? SimulatorOperation.CreateCharacter : RecogniseOwn(request);
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

        return operation switch
        {
            SimulatorOperation.ListModels => ListModels(),
            SimulatorOperation.CreateCharacter => CharacterRoute.Create(request, World),
            SimulatorOperation.Media => ContentRoute.Read(request, Name, World),
            SimulatorOperation.Query => Query(request, AskedTask(request)),
            _ => Create(request, operation),
        };
    }

    /// <summary>The routes that this platform has for itself.</summary>
    protected abstract SimulatorOperation RecogniseOwn(ReceivedRequest request);

    protected abstract Answer NoRoute(ReceivedRequest request);

    protected abstract Answer Create(ReceivedRequest request, SimulatorOperation operation);

    /// <summary>The id in a query's address, unescaped.</summary>
    protected abstract string AskedTask(ReceivedRequest request);

    protected abstract string NewTaskId();

    protected abstract JsonObject DescribeAccepted(SimulatedTask task);

    protected abstract JsonObject Describe(SimulatedTask task, TaskMoment moment);

    /// <summary>Puts a scripted status and progress where this platform has them.</summary>
    protected abstract void Overwrite(JsonObject answer, ScriptedStatus scripted);

    /// <summary>Judges an order by the model's limits and takes it: from here on it is paid.</summary>
    protected Answer Accept(ReceivedRequest request, FieldReader fields, VideoOrder order)
    {
        // The distributor picks a channel by the model's name before anything else is looked at.
        var model = models.FirstOrDefault(model => model.Name == order.Model);
        if (model is null && order.Model.Length > 0)
        {
            return PlatformErrors.NoChannel(503, order.Model, request);
        }

        if (fields.Problem is null)
        {
            CheckLength(fields, order, model!);
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
        return Answer.Json(200, DescribeAccepted(task)) with
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
        else if (PromptText.IsStoryboard(order.Prompt))
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

    private Answer Query(ReceivedRequest request, string id)
    {
        var task = World.FindTask(id);
        if (task is null || task.Platform != Name)
        {
            return PlatformErrors.TaskNotExist(400) with { TaskId = id };
        }

        if (request.Fault.Course is { } course)
        {
            task.Follow(course);
        }

        return Answer.Json(200, DescribeNow(task)) with { TaskId = id };
    }

    private JsonObject DescribeNow(SimulatedTask task)
    {
        var moment = World.MomentOf(task);
        if (task.NextScripted() is not { } scripted)
        {
            return Describe(task, moment);
        }

        var answer = Describe(task, moment.As(scripted, World.Now));
        Overwrite(answer, scripted);
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
        var list = models.Select(model => (JsonNode?)new JsonObject
        {
            ["id"] = model.Name,
            ["object"] = "model",
            ["created"] = 1626777600,
            ["owned_by"] = "custom",
        });
        return Answer.Json(200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. list]) });
    }
}
