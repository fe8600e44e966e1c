using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Juxin;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Platforms.Zhenzhen;

namespace Sora2.Sdk;

/// <summary>
/// The adapter for one relay platform: how its calls are written and its answers read. Stateless and free of I/O. Derive from it to use a platform that the
/// SDK does not know: the decoders here read the union of all answers seen, so an adapter normally encodes only.
/// </summary>
public abstract class Sora2Platform
{
    /// <summary>聚鑫, <c>api.jxincm.cn</c>.</summary>
    public static Sora2Platform Juxin { get; } = new JuxinPlatform();

    /// <summary>贞贞, <c>ai.t8star.cn</c>.</summary>
    public static Sora2Platform Zhenzhen { get; } = new ZhenzhenPlatform();

    /// <summary>The platforms the SDK brings along.</summary>
    public static IReadOnlyList<Sora2Platform> BuiltIn { get; } = [Juxin, Zhenzhen];

    /// <summary>The name in configuration, records and messages: lower case, such as <c>juxin</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name the platform gives itself, such as <c>聚鑫</c>.</summary>
    public abstract string DisplayName { get; }

    /// <summary>Where the platform's API is, unless <see cref="Sora2ClientOptions.BaseAddress"/> says otherwise.</summary>
    public abstract Uri DefaultBaseAddress { get; }

    /// <summary>The environment variable that <see cref="Sora2Client.FromEnvironment"/> reads this platform's key from.</summary>
    public virtual string ApiKeyVariable => Name.ToUpperInvariant() + "_API_KEY";

    /// <summary>The models whose limits are known; the first is the default.</summary>
    public abstract IReadOnlyList<VideoModel> Models { get; }

    /// <summary>
    /// The largest image that is sent, in bytes, before base64. A larger one is refused on this side. Neither 聚鑫 nor 贞贞 documents a limit; the default, 64 MiB,
    /// keeps a slip from filling the memory.
    /// </summary>
    public virtual long MaxImageBytes => 64L * 1024 * 1024;

    /// <summary>Writes the call that creates a video.</summary>
    /// <param name="request">The request, with <see cref="VideoRequest.Model"/> and <see cref="VideoRequest.Duration"/> filled in.</param>
    /// <returns>The call.</returns>
    public abstract ApiRequest EncodeVideo(VideoRequest request);

    /// <summary>Writes the call that asks for a task.</summary>
    /// <param name="taskId">The id; to be escaped.</param>
    /// <returns>The call.</returns>
    public abstract ApiRequest EncodeQuery(string taskId);

    /// <summary>Writes the call that creates a video of several shots. By default the prompt text alone makes a video a storyboard.</summary>
    /// <param name="storyboard">The storyboard, with <see cref="Storyboard.Model"/> filled in.</param>
    /// <returns>The call.</returns>
    public virtual ApiRequest EncodeStoryboard(Storyboard storyboard)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        return EncodeVideo(new VideoRequest(storyboard.ToPrompt())
        {
            Model = storyboard.Model,
            Duration = storyboard.TotalDuration,
            AspectRatio = storyboard.AspectRatio,
            HighDefinition = storyboard.HighDefinition,
            Watermark = storyboard.Watermark,
            Private = storyboard.Private,
            Images = storyboard.AllImages,
            ExtraFields = storyboard.ExtraFields,
        }).As(CallKind.CreateStoryboard);
    }

    /// <summary>Writes the call that creates a character.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The call.</returns>
    public abstract ApiRequest EncodeCharacter(CharacterRequest request);

    /// <summary>
    /// Writes the call that lists the models a key may use. It has to be free of charge: <see cref="Sora2Client.ListModelsAsync"/> and the health check send it. Null, the default, for a platform
    /// that has no such call.
    /// </summary>
    /// <returns>The call, or null.</returns>
    public virtual ApiRequest? EncodeModelList() => null;

    /// <summary>Reads a task from an answer to a create call or a query.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>The task. Its id is the one asked for, whatever the answer says.</returns>
    /// <exception cref="Sora2ApiException">The answer is an error, or not a task.</exception>
    public virtual VideoTask DecodeTask(ApiResponse response) => TaskDecoder.Decode(response, this);

    /// <summary>Reads a character from the answer to its create call.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>The character.</returns>
    /// <exception cref="Sora2ApiException">The answer is an error, or not a character.</exception>
    public virtual Character DecodeCharacter(ApiResponse response) => CharacterDecoder.Decode(response);

    /// <summary>Reads the names of models from the answer to <see cref="EncodeModelList"/>.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>The names, in the platform's order; none if the answer is a success that lists none.</returns>
    /// <exception cref="Sora2ApiException">The answer is an error, or not JSON.</exception>
    public virtual IReadOnlyList<string> DecodeModelList(ApiResponse response) => ModelListDecoder.Decode(response);

    /// <summary>The limits of a model, or null if they are not known.</summary>
    /// <param name="name">The model's name.</param>
    /// <returns>The model, or null.</returns>
    public VideoModel? FindModel(string name) => Models.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));

    /// <summary>The platform's <see cref="Name"/>.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// Where the platform serves the video of a task that is done and whose answer has no address, to be fetched with the key; null where there is no such route. Then a success without an address is not
    /// final.
    /// </summary>
    internal virtual string? ContentPath(string taskId) => null;

    /// <summary>The name as it begins a sentence.</summary>
    internal string Title => TitleOf(Name);

    /// <summary>An account as messages name it: the platform, and the client's name if it has one.</summary>
    internal static string AccountOf(string platform, string client) => client.Length == 0 ? TitleOf(platform) : $"{TitleOf(platform)} \"{client}\"";

    internal static string TitleOf(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
