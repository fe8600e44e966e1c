using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary><c>POST /v1/files</c>: takes a file and gives a link to it, which a create may have as an image. Never captured: OpenAI's fields and the <c>url</c> that clients read.</summary>
internal static class FileRoute
{
    public const string Path = "/v1/files";

    public static Answer Upload(ReceivedRequest request, World world)
    {
        if (request.Form is not { Files: [var file, ..] } form)
        {
            return PlatformErrors.InvalidField(new FieldProblem("file", "must be a file in a multipart/form-data body"), request);
        }

        var upload = new UploadedFile(OpaqueId.MediaName(), file.Content, request.At);
        world.Add(upload);
        return Answer.Json(200, new JsonObject
        {
            ["id"] = $"file-{upload.MediaName}",
            ["object"] = "file",
            ["bytes"] = file.Content.Length,
            ["created_at"] = request.At.ToUnixTimeSeconds(),
            ["filename"] = file.FileName,
            ["purpose"] = form.Fields.GetValueOrDefault("purpose")?[0] ?? "user_data",
            ["url"] = world.Links.FileOf(upload),
        });
    }
}
