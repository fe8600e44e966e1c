namespace Sora2.Sdk.Platforms.Wire;

/// <summary>What the adapters of the built-in platforms have in common.</summary>
internal static class SoraFields
{
    private static readonly IReadOnlyList<AspectRatio> Ratios = [AspectRatio.Landscape16x9, AspectRatio.Portrait9x16];

    /// <summary>Whether a model is of the Sora family, whose page wants every field always; other models get only what was set.</summary>
    public static bool IsSora(string model) => model.StartsWith("sora", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the limits of a Sora model: no field but those of the platform's page.</summary>
    public static VideoModel Model(string name, bool hasSeed, params IReadOnlyList<VideoFormat> formats) => new()
    {
        Name = name,
        Formats = formats,
        AspectRatios = Ratios,
        Resolutions = [],
        HasAudioOption = false,
        HasSeed = hasSeed,
        HasNegativePrompt = false,
        HasImageRoles = false,
    };

    /// <summary>Adds those settings that were made and that the platforms name alike.</summary>
    public static JsonBody AddSettings(this JsonBody body, GenerationRequest request) => body
        .AddIfSet("generate_audio", request.GenerateAudio)
        .AddIfSet("seed", request.Seed)
        .AddIfSet("negative_prompt", request.NegativePrompt);

    public static VideoFormat Format(double seconds, double typicalMinutes, bool highDefinition = false) => new()
    {
        Duration = TimeSpan.FromSeconds(seconds),
        HighDefinition = highDefinition,
        TypicalTime = TimeSpan.FromMinutes(typicalMinutes),
    };

    /// <summary>Returns the images in the order that stands for their roles: the first frame first, the last frame last.</summary>
    /// <exception cref="Sora2ValidationException">There is a last frame without a first one.</exception>
    public static IReadOnlyList<ImageInput> InOrder(IReadOnlyList<ImageInput> images)
    {
        if (images.All(image => image.Role is ImageRole.Unspecified or ImageRole.Reference))
        {
            return images;
        }

        return images.Any(image => image.Role == ImageRole.FirstFrame)
            ? [.. images.OrderBy(image => image.Role switch { ImageRole.FirstFrame => 0, ImageRole.LastFrame => 2, _ => 1 })]
            : throw new Sora2ValidationException(
                "There is a last frame without a first one, and here their order stands for their roles. Add the first frame with "
                + "ImageInput.AsFirstFrame.");
    }

    /// <summary>Refuses what was set and has no field on a route: it must not be dropped from a paid request.</summary>
    /// <exception cref="Sora2ValidationException">Something without a field was set.</exception>
    public static void RefuseUnsent(string route, params ReadOnlySpan<(string Name, bool IsSet)> options)
    {
        foreach (var (name, isSet) in options)
        {
            if (isSet)
            {
                throw new Sora2ValidationException(
                    $"{route} has no field for {name}. Leave it null, or send the platform's own field in ExtraFields. Nothing was sent.");
            }
        }
    }
}
