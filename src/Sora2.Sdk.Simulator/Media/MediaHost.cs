using Sora2.Sdk.Simulator.Relays;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Media;

/// <summary>The host of the videos. Its links are signed, and it refuses every request that carries the API key.</summary>
internal sealed class MediaHost(SimulatorState state) : ISimulatedHost
{
    public const string HostName = "media";

    public string Name => HostName;

    public string RequestIdHeader => "X-Request-Id";

    public static SimulatedResponse Refuse(int statusCode, string code, string message) => SimulatedResponse.Text(
        statusCode,
        "application/xml",
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>\n");

    public SimulatorOperation Recognise(ReceivedRequest request) => SimulatorOperation.Media;

    public SimulatedResponse Handle(ReceivedRequest request, SimulatorOperation operation)
    {
        var credentials = Credentials.From(request, state.Keys);
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
        if (!state.Links.IsSigned(path, expires, request.Query["sig"].ToString()))
        {
            return Refuse(403, "SignatureDoesNotMatch", "The link is not the one that was given out");
        }

        return state.Links.IsFresh(expires) ? file.ToResponse(request) : Refuse(403, "AccessDenied", "Request has expired");
    }

    private MediaFile? FileAt(string path, ReceivedRequest request) => path.Split('/') switch
    {
        ["videos", var name] when TaskOf(name, ".mp4") is { } task => state.VideoOf(task, request.Fault),
        ["thumbnails", var name] when TaskOf(name, ".jpg") is not null => state.Files.Picture(),
        ["profiles", _] => state.Files.Picture(),
        ["files", var name] when state.FindUpload(name) is { } upload => MediaFile.Create(
            ImageContent.MediaTypeOf(upload.Content.Span) ?? "application/octet-stream",
            Content.FromBytes(upload.Content),
            upload.At),
        _ => null,
    };

    private SimulatedTask? TaskOf(string file, string extension) =>
        file.EndsWith(extension, StringComparison.Ordinal) ? state.FindTaskByMedia(file[..^extension.Length]) : null;
}
