using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary><c>POST /sora/v1/characters</c>: the same on both platforms.</summary>
internal static class CharacterRoute
{
    private const decimal ShortestSeconds = 1;
    private const decimal LongestSeconds = 3;

    public static Answer Create(ReceivedRequest request, World world)
    {
        if (!request.HasMediaType("application/json") || request.Json is not { ValueKind: JsonValueKind.Object } body)
        {
            return PlatformErrors.InvalidField(new FieldProblem("body", "must be a JSON object with the content type application/json"), request);
        }

        var fields = new JsonFields(body, world.Options.Strict ? FieldRules.Strict : FieldRules.Lenient);
        if (fields.Has("model"))
        {
            // With a model the distributor looks for a channel of that model, and characters have none.
            return PlatformErrors.ChannelNotFound(request);
        }

        CheckSource(fields, CheckTimestamps(fields), world);
        if (fields.Problem is { } problem)
        {
            return PlatformErrors.InvalidField(problem, request);
        }

        var character = new SimulatedCharacter(OpaqueId.Character(), OpaqueId.Username(), OpaqueId.MediaName());
        world.Add(character);
        return Answer.Json(200, new JsonObject
        {
            ["id"] = character.Id,
            ["username"] = character.Username,
            ["permalink"] = $"https://sora.chatgpt.com/profile/{character.Username}",
            ["profile_picture_url"] = world.Links.PictureOf(character),
        }) with
        { TaskId = character.Id, WasBilled = true };
    }

    /// <summary>The end of the range in seconds.</summary>
    private static decimal CheckTimestamps(JsonFields fields)
    {
        var range = fields.RequiredText("timestamps").Split(',');
        if (range.Length != 2 || Seconds(range[0]) is not { } start || Seconds(range[1]) is not { } end)
        {
            fields.Reject("timestamps", "must read like \"1,3\": start and end in seconds");
            return 0;
        }

        if (end - start is < ShortestSeconds or > LongestSeconds)
        {
            fields.Reject("timestamps", "must span 1 to 3 seconds");
        }

        return end;
    }

    private static void CheckSource(JsonFields fields, decimal end, World world)
    {
        var fromTask = fields.OptionalText("from_task");
        var url = fields.OptionalText("url");
        if ((fromTask is null) == (url is null))
        {
            fields.Reject("from_task", "exactly one of from_task and url must be given");
        }
        else if (url is not null)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                fields.Reject("url", "must be an http(s) address of a video");
            }
        }
        else if (world.FindTask(fromTask!) is not { } task)
        {
            fields.Reject("from_task", "task_not_exist");
        }
        else if (world.MomentOf(task).Stage != TaskStage.Succeeded)
        {
            fields.Reject("from_task", "the task has no finished video");
        }
        else if (end > task.Order.Length)
        {
            fields.Reject("timestamps", FormattableString.Invariant($"end after the video, which lasts {task.Order.Length} seconds"));
        }
    }

    private static decimal? Seconds(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
