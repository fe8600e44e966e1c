using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary><c>POST /v1/files</c>: stores a file and returns a link to it, which a create accepts as an image.</summary>
/// <remarks>No response was captured from the platforms: it has OpenAI's fields and the <c>url</c> that clients read.</remarks>
internal static class FileRoute
{
    public const string Path = "/v1/files";

    public static SimulatedResponse Upload(ReceivedRequest request, SimulatorState state)
    {
        if (request.Form is not { Files: [var file, ..] } form)
        {
            return PlatformErrors.InvalidField(new FieldProblem("file", "must be a file in a multipart/form-data body"), request);
        }

        var upload = new UploadedFile(OpaqueId.MediaName(), file.Content, request.At);
        state.Add(upload);
        return SimulatedResponse.Json(200, new JsonObject
        {
            ["id"] = $"file-{upload.MediaName}",
            ["object"] = "file",
            ["bytes"] = file.Content.Length,
            ["created_at"] = request.At.ToUnixTimeSeconds(),
            ["filename"] = file.FileName,
            ["purpose"] = form.Fields.GetValueOrDefault("purpose")?[0] ?? "user_data",
            ["url"] = state.Links.FileOf(upload),
        });
    }
}
