using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Juxin;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Platforms.Zhenzhen;

namespace Sora2.Sdk;

/// <summary>The adapter of one relay platform: encodes its calls and decodes its responses. Stateless and without I/O.</summary>
/// <remarks>
/// Derive from it to use a platform that the SDK does not know. The decoders read the union of all responses seen so far, so that an
/// adapter usually only encodes.
/// </remarks>
public abstract class Sora2Platform
{
    /// <summary>聚鑫, <c>api.jxincm.cn</c>.</summary>
    public static Sora2Platform Juxin { get; } = new JuxinPlatform();

    /// <summary>贞贞, <c>ai.t8star.cn</c>.</summary>
    public static Sora2Platform Zhenzhen { get; } = new ZhenzhenPlatform();

    /// <summary>The platforms of the SDK.</summary>
    public static IReadOnlyList<Sora2Platform> BuiltIn { get; } = [Juxin, Zhenzhen];

    /// <summary>The name in configuration, records and messages: lower case, such as <c>juxin</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The platform's own name, such as <c>聚鑫</c>.</summary>
    public abstract string DisplayName { get; }

    /// <summary>The address of the platform's API, unless <see cref="Sora2ClientOptions.BaseAddress"/> is set.</summary>
    public abstract Uri DefaultBaseAddress { get; }

    /// <summary>The platform's own environment variable for its key, which <see cref="Sora2Client.FromEnvironment"/> reads.</summary>
    /// <value>The name in capitals, with an underscore for any other sign, and <c>_API_KEY</c>.</value>
    public virtual string ApiKeyVariable => string.Concat(
        Name.ToUpperInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '_')) + "_API_KEY";

    /// <summary>The models whose limits are known; the first is the default.</summary>
    public abstract IReadOnlyList<VideoModel> Models { get; }

    /// <summary>The largest image that is sent, in bytes before base64. A larger one is refused before anything is sent.</summary>
    /// <value>64 MiB by default, to bound the memory: neither 聚鑫 nor 贞贞 documents a limit.</value>
    public virtual long MaxImageBytes => 64L * 1024 * 1024;

    /// <summary>Encodes the call that creates a video.</summary>
    /// <param name="request">The request, with <see cref="GenerationRequest.Model"/> filled in. What is null was not set.</param>
    /// <returns>The call.</returns>
    public abstract ApiRequest EncodeVideo(VideoRequest request);

    /// <summary>Encodes the call that queries a task.</summary>
    /// <param name="taskId">The id, which the adapter has to escape.</param>
    /// <returns>The call.</returns>
    public abstract ApiRequest EncodeQuery(string taskId);

    /// <summary>Encodes the call that creates a video of several shots; by default a video whose prompt lists the shots.</summary>
    /// <param name="storyboard">The storyboard, with <see cref="GenerationRequest.Model"/> filled in.</param>
    /// <returns>The call.</returns>
    public virtual ApiRequest EncodeStoryboard(Storyboard storyboard)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        return EncodeVideo(new VideoRequest(storyboard.ToPrompt())
        {
            Model = storyboard.Model,
            Duration = storyboard.TotalDuration,
            AspectRatio = storyboard.AspectRatio,
            Resolution = storyboard.Resolution,
            HighDefinition = storyboard.HighDefinition,
            Watermark = storyboard.Watermark,
            Private = storyboard.Private,
            GenerateAudio = storyboard.GenerateAudio,
            Seed = storyboard.Seed,
            NegativePrompt = storyboard.NegativePrompt,
            Images = storyboard.AllImages,
            ExtraFields = storyboard.ExtraFields,
        }).As(CallKind.CreateStoryboard);
    }

    /// <summary>Encodes the call that creates a changed version of a video; null, the default, if the platform has none.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The call, or null.</returns>
    public virtual ApiRequest? EncodeRemix(RemixRequest request) => null;

    /// <summary>Encodes the call that creates a character.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The call.</returns>
    public abstract ApiRequest EncodeCharacter(CharacterRequest request);

    /// <summary>Encodes the call that lists the models of a key, or returns null, the default, if the platform has no such call.</summary>
    /// <remarks>
    /// The call must be free of charge: <see cref="IAccountClient.ListModelsAsync"/> and the health check send it.
    /// </remarks>
    /// <returns>The call, or null.</returns>
    public virtual ApiRequest? EncodeModelList() => null;

    /// <summary>Encodes the calls that read the balance of a key; none, the default, if the platform publishes none.</summary>
    /// <remarks>
    /// The calls must be free of charge. They are made in this order until it is known how much is left; a route that does not exist is
    /// passed over, and what several responses say in the same unit is merged: one may have what was granted, the next what was used.
    /// </remarks>
    /// <returns>The calls, the best first.</returns>
    public virtual IReadOnlyList<ApiRequest> EncodeBalance() => [];

    /// <summary>Decodes a task from the response to a create call or a query.</summary>
    /// <param name="response">The response.</param>
    /// <returns>The task. Its id is the queried one, whatever the response says.</returns>
    /// <exception cref="Sora2ApiException">The response is an error, or not a task.</exception>
    public virtual VideoTask DecodeTask(ApiResponse response) => TaskDecoder.Decode(response, this);

    /// <summary>Decodes a character from the response to its create call.</summary>
    /// <param name="response">The response.</param>
    /// <returns>The character.</returns>
    /// <exception cref="Sora2ApiException">The response is an error, or not a character.</exception>
    public virtual Character DecodeCharacter(ApiResponse response) => CharacterDecoder.Decode(response);

    /// <summary>Decodes the names of models from the response to <see cref="EncodeModelList"/>.</summary>
    /// <param name="response">The response.</param>
    /// <returns>The names, in the platform's order; none if the response is a success that lists none.</returns>
    /// <exception cref="Sora2ApiException">The response is an error, or not JSON.</exception>
    public virtual IReadOnlyList<string> DecodeModelList(ApiResponse response) => ModelListDecoder.Decode(response);

    /// <summary>Decodes a balance from the response to one of the calls of <see cref="EncodeBalance"/>.</summary>
    /// <param name="response">The response.</param>
    /// <returns>What the response says; amounts that it does not contain are null.</returns>
    /// <exception cref="Sora2ApiException">The response is an error, or not JSON.</exception>
    public virtual Balance DecodeBalance(ApiResponse response) => BalanceDecoder.Decode(response);

    /// <summary>Returns the limits of a model, or null if they are not known.</summary>
    /// <param name="name">The model's name.</param>
    /// <returns>The model, or null.</returns>
    public VideoModel? FindModel(string name) =>
        Models.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));

    /// <summary>Encodes the create call of any kind of request.</summary>
    /// <exception cref="Sora2ValidationException">The platform does not make this kind.</exception>
    internal ApiRequest Encode(GenerationRequest request) => request switch
    {
        VideoRequest video => EncodeVideo(video),
        Storyboard storyboard => EncodeStoryboard(storyboard),
        RemixRequest remix => EncodeRemix(remix) ?? throw new Sora2ValidationException(
            $"{Title} has no remix; create a video with a prompt that describes the whole. Nothing was sent."),
        _ => throw new NotSupportedException(request.GetType().Name), // the constructor is not accessible to others
    };

    /// <summary>Returns the platform's <see cref="Name"/>.</summary>
    public override string ToString() => Name;

    /// <summary>The path of a succeeded task's video, for a response without an address; null if the platform has no such route.</summary>
    /// <remarks>The video is fetched with the key. Without such a route a success without an address is not final.</remarks>
    internal virtual string? ContentPath(string taskId) => null;

    /// <summary>The name with a capital letter.</summary>
    internal string Title => TitleOf(Name);

    /// <summary>Returns the name of an account for messages: the platform, and the client's name if it has one.</summary>
    internal static string AccountOf(string platform, string client) =>
        client.Length == 0 ? TitleOf(platform) : $"{TitleOf(platform)} \"{client}\"";

    internal static string TitleOf(string name) =>
        name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
