namespace Sora2.Sdk.Simulator;

/// <summary>The host where the videos lie. Its links are signed, and it refuses everybody who shows it the key.</summary>
internal sealed class MediaSite(World world) : ISite
{
    public const string HostName = "media";

    public string Name => HostName;

    public string RequestIdHeader => "X-Request-Id";

    public static Answer Refuse(int statusCode, string code, string message) => Answer.Text(
        statusCode,
        "application/xml",
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>\n");

    public SimulatorOperation Recognise(ReceivedRequest request) => SimulatorOperation.Media;

    public Answer Handle(ReceivedRequest request, SimulatorOperation operation)
    {
        var credentials = Credentials.Of(request, world.Keys);
        if (credentials.Matched is not null || credentials.CarriedKey)
        {
            return Refuse(403, "KeyLeaked", "The API key does not belong on this host");
        }

        if (request.Method is not ("GET" or "HEAD"))
        {
            return Refuse(405, "MethodNotAllowed", "GET or HEAD").With("Allow", "GET, HEAD");
        }

        var path = request.Path.TrimStart('/');
        if (FileAt(path, request) is not { } file)
        {
            return Refuse(404, "NoSuchKey", "No such file");
        }

        var expires = request.Query["se"].ToString();
        if (!world.Links.IsSigned(path, expires, request.Query["sig"].ToString()))
        {
            return Refuse(403, "SignatureDoesNotMatch", "The link is not the one that was given out");
        }

        return world.Links.IsFresh(expires) ? file.AnswerTo(request) : Refuse(403, "AccessDenied", "Request has expired");
    }

    private MediaFile? FileAt(string path, ReceivedRequest request) => path.Split('/') switch
    {
        ["videos", var name] when TaskOf(name, ".mp4") is { } task => world.VideoOf(task, request.Fault),
        ["thumbnails", var name] when TaskOf(name, ".jpg") is not null => world.Files.Picture(),
        ["profiles", _] => world.Files.Picture(),
        ["files", var name] when world.FindUpload(name) is { } upload =>
            MediaFile.Of(ImageContent.MediaTypeOf(upload.Content.Span) ?? "application/octet-stream", Content.Of(upload.Content), upload.At),
        _ => null,
    };

    private SimulatedTask? TaskOf(string file, string extension) =>
        file.EndsWith(extension, StringComparison.Ordinal) ? world.FindTaskByMedia(file[..^extension.Length]) : null;
}
