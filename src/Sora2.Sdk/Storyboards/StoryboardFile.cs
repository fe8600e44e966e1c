using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>A storyboard as it is saved. What it does not know is an error, not a wish that is silently dropped from a paid video: a new field is a new version.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StoryboardFile
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public string? Model { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<AspectRatio>))]
    public AspectRatio AspectRatio { get; init; }

    public bool HighDefinition { get; init; }

    public bool Watermark { get; init; }

    public bool Private { get; init; }

    public required IReadOnlyList<Shot> Shots { get; init; }

    public IReadOnlyList<Image>? ReferenceImages { get; init; }

    public JsonObject? ExtraFields { get; init; }

    public static StoryboardFile Of(Storyboard storyboard) => new()
    {
        Version = CurrentVersion,
        Model = storyboard.Model,
        AspectRatio = storyboard.AspectRatio,
        HighDefinition = storyboard.HighDefinition,
        Watermark = storyboard.Watermark,
        Private = storyboard.Private,
        Shots = [.. storyboard.Shots.Select((shot, i) => new Shot { Scene = shot.Scene, Seconds = shot.Duration.Ticks / (decimal)TimeSpan.TicksPerSecond, Images = [.. shot.Images.Select(image => Image.Of(image, $"shot {i + 1}"))] })],
        ReferenceImages = [.. storyboard.ReferenceImages.Select(image => Image.Of(image, "the whole video"))],
        ExtraFields = storyboard.ExtraFields,
    };

    public Storyboard ToStoryboard()
    {
        var images = new Dictionary<Image, ImageInput>();
        return new Storyboard
        {
            Model = Model,
            AspectRatio = AspectRatio,
            HighDefinition = HighDefinition,
            Watermark = Watermark,
            Private = Private,
            Shots = [.. Each(Shots).Select(shot => new StoryboardShot { Scene = Present(shot.Scene), Duration = new TimeSpan((long)decimal.Round(shot.Seconds * TimeSpan.TicksPerSecond)), Images = [.. Each(shot.Images ?? []).Select(Input)] })],
            ReferenceImages = [.. Each(ReferenceImages ?? []).Select(Input)],
            ExtraFields = ExtraFields,
        };

        // One input for images that are alike, so that each is sent once.
        ImageInput Input(Image image) => images.TryGetValue(image, out var input) ? input : images[image] = image.ToInput();
    }

    private static IEnumerable<T> Each<T>(IReadOnlyList<T> items)
        where T : class => Present(items).Select(Present);

    private static T Present<T>(T? value)
        where T : class => value ?? throw new FormatException("A shot, a scene or an image is null.");

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Shot
    {
        public required string Scene { get; init; }

        public required decimal Seconds { get; init; }

        public IReadOnlyList<Image>? Images { get; init; }
    }

    /// <summary>Exactly one of the three.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Image
    {
        public string? File { get; init; }

        public string? Url { get; init; }

        public string? Data { get; init; }

        public static Image Of(ImageInput image, string of) => image switch
        {
            FileImage file => new Image { File = file.Path },
            UrlImage web => new Image { Url = web.Url.OriginalString },
            BytesImage bytes => new Image { Data = DataUri(bytes.Bytes.Span) },
            DataUriImage data => new Image { Data = DataUri(data.Decode()) },
            _ => throw new Sora2ValidationException($"An image of {of} is a stream, which cannot be saved. Use ImageInput.FromFile, FromUrl, FromDataUri or FromBytes."),
        };

        public ImageInput ToInput() => (File, Url, Data) switch
        {
            ({ } path, null, null) => ImageInput.FromFile(path),
            (null, { } url, null) => ImageInput.FromUrl(new Uri(url, UriKind.RelativeOrAbsolute)),
            (null, null, { } data) => ImageInput.FromDataUri(data),
            _ => throw new FormatException("An image has exactly one of \"file\", \"url\" and \"data\"."),
        };

        private static string DataUri(ReadOnlySpan<byte> bytes) => $"data:{ImageType.Of(bytes)?.MediaType ?? "application/octet-stream"};base64,{Convert.ToBase64String(bytes)}";
    }
}
