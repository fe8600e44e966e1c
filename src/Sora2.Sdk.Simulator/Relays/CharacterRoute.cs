using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary><c>POST /sora/v1/characters</c>: the same route on both platforms.</summary>
internal static class CharacterRoute
{
    private const decimal MinSeconds = 1;
    private const decimal MaxSeconds = 3;

    public static SimulatedResponse Create(ReceivedRequest request, SimulatorState state)
    {
        if (!request.HasMediaType("application/json") || request.Json is not { ValueKind: JsonValueKind.Object } body)
        {
            return PlatformErrors.NotJson(request);
        }

        var fields = new JsonFields(body, state.Options.Strict ? FieldRules.Strict : FieldRules.Lenient);
        if (fields.Has("model"))
        {
            // With a model the distributor looks for a channel of that model, and there is none for characters.
            return PlatformErrors.ChannelNotFound(request);
        }

        CheckSource(fields, CheckTimestamps(fields), state);
        if (fields.Problem is { } problem)
        {
            return PlatformErrors.InvalidField(problem, request);
        }

        var character = new SimulatedCharacter(OpaqueId.Character(), OpaqueId.Username(), OpaqueId.MediaName());
        state.Add(character);
        return SimulatedResponse.Json(200, new JsonObject
        {
            ["id"] = character.Id,
            ["username"] = character.Username,
            ["permalink"] = $"https://sora.chatgpt.com/profile/{character.Username}",
            ["profile_picture_url"] = state.Links.PictureOf(character),
        }) with
        { TaskId = character.Id, WasBilled = true };
    }

    /// <summary>Validates the range and returns its end in seconds.</summary>
    private static decimal CheckTimestamps(JsonFields fields)
    {
        var range = fields.RequiredText("timestamps").Split(',');
        if (range.Length != 2 || Seconds(range[0]) is not { } start || Seconds(range[1]) is not { } end)
        {
            fields.Reject("timestamps", "must read like \"1,3\": start and end in seconds");
            return 0;
        }

        if (end - start is < MinSeconds or > MaxSeconds)
        {
            fields.Reject("timestamps", "must span 1 to 3 seconds");
        }

        return end;
    }

    private static void CheckSource(JsonFields fields, decimal end, SimulatorState state)
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
        else if (state.FindTask(fromTask!) is not { } task)
        {
            fields.Reject("from_task", "task_not_exist");
        }
        else if (state.SnapshotOf(task).Stage != TaskStage.Succeeded)
        {
            fields.Reject("from_task", "the task has no finished video");
        }
        else if (end > task.Parameters.Length)
        {
            fields.Reject("timestamps", FormattableString.Invariant($"end after the video, which lasts {task.Parameters.Length} seconds"));
        }
    }

    private static decimal? Seconds(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
