using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>
/// A request that becomes one video: a <see cref="VideoRequest"/>, a <see cref="Storyboard"/> or a <see cref="RemixRequest"/>.
/// </summary>
/// <remarks>
/// The same request works on every platform. What is <see langword="null"/> is not sent, unless the platform's page wants the field always:
/// then the documented value is sent.
/// </remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public abstract record GenerationRequest
{
    private protected GenerationRequest()
    {
    }

    /// <summary>The model's name on the platform. It determines the price and the available durations.</summary>
    /// <value>
    /// <see langword="null"/>, the default, for <see cref="Sora2ClientOptions.DefaultModel"/>, else the platform's own default.
    /// </value>
    /// <remarks>Any name is allowed: a model that this SDK does not know is sent without checking its limits.</remarks>
    public string? Model { get; init; }

    /// <summary>The aspect ratio of the video.</summary>
    /// <value><see langword="null"/>, the default, for the platform's own, which is landscape for Sora.</value>
    public AspectRatio? AspectRatio { get; init; }

    /// <summary>The resolution of the video. It may change the price.</summary>
    /// <value><see langword="null"/>, the default, for the model's own.</value>
    public Resolution? Resolution { get; init; }

    /// <summary>Whether the video has the platform's watermark.</summary>
    /// <value><see langword="null"/>, the default, for the platform's own, which is <see langword="false"/> for Sora.</value>
    public bool? Watermark { get; init; }

    /// <summary>Whether to ask the platform not to publish the video.</summary>
    /// <value><see langword="null"/>, the default, for the platform's own, which is <see langword="false"/> for Sora.</value>
    public bool? Private { get; init; }

    /// <summary>Whether to make the video in high definition. Few models offer it; it <b>costs more</b> and takes longer.</summary>
    /// <value><see langword="null"/>, the default, for the platform's own, which is <see langword="false"/> for Sora.</value>
    public bool? HighDefinition { get; init; }

    /// <summary>Whether the model makes the sound as well.</summary>
    /// <value><see langword="null"/>, the default, for the model's own.</value>
    public bool? GenerateAudio { get; init; }

    /// <summary>A number that makes results of the same request alike.</summary>
    /// <value><see langword="null"/>, the default, for a random one.</value>
    public long? Seed { get; init; }

    /// <summary>What the video should not show.</summary>
    /// <value><see langword="null"/> by default.</value>
    public string? NegativePrompt { get; init; }

    /// <summary>
    /// Additional fields of the request, for options that the SDK does not have, such as <c>notify_hook</c>.
    /// </summary>
    /// <value><see langword="null"/> by default.</value>
    /// <remarks>
    /// The fields are sent unchanged. A field that the SDK writes itself is refused, or replaced if
    /// <see cref="Sora2ClientOptions.ValidateRequests"/> is off.
    /// </remarks>
    public JsonObject? ExtraFields { get; init; }

    /// <summary>The caller's own name for this piece of work, such as an order number.</summary>
    /// <value>
    /// <see langword="null"/>, the default, for none; else 1 to 200 characters without control characters. Letter case counts.
    /// </value>
    /// <remarks>
    /// With a <see cref="Sora2ClientOptions.TaskStore"/> the same key is created and paid for once: a second create returns the first one's
    /// task. The same key with another request is refused. Without a store, two equal keys are one task only within one batch.
    /// </remarks>
    public string? Key { get; init; }

    /// <summary>The caller's own notes, which are kept with the task and its record and never sent.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init => field = MetadataDictionary.From(value); } = MetadataDictionary.None;

    /// <summary>The requested duration, if it has one.</summary>
    [JsonIgnore]
    internal abstract TimeSpan? TargetDuration { get; }

    /// <summary>The distinct images, in the order in which they are sent.</summary>
    [JsonIgnore]
    internal abstract IReadOnlyList<ImageInput> SentImages { get; }

    /// <summary>Returns the text of the request, as it is recorded.</summary>
    internal abstract string GetPrompt();

    /// <summary>What differs from the defaults, for one line.</summary>
    private protected string FormatSettings() => DisplayFormat.Join(
        LogSanitizer.SingleLine(AspectRatio?.ToString()),
        LogSanitizer.SingleLine(Resolution?.ToString()),
        LogSanitizer.SingleLine(Model),
        HighDefinition == true ? "HD" : null,
        Watermark == true ? "watermark" : null,
        Private == true ? "private" : null,
        GenerateAudio is { } audio ? audio ? "audio" : "no audio" : null,
        Seed is { } seed ? FormattableString.Invariant($"seed {seed}") : null,
        NegativePrompt is null ? null : "negative prompt",
        DisplayFormat.CountOrNull(SentImages.Count, "image"),
        DisplayFormat.CountOrNull(ExtraFields?.Count ?? 0, "extra field"),
        Key is null ? null : $"key {LogSanitizer.SingleLine(Key)}");
}
