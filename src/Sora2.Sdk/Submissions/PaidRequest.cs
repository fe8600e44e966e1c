using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Submissions;

/// <summary>A paid request that is about to be sent, and what of it is told elsewhere.</summary>
/// <param name="Request">The call as the adapter wrote it.</param>
/// <param name="Subject">What it is about, the prompt as a rule; exceptions only get a digest of it.</param>
/// <param name="Model">The model, for a video.</param>
/// <param name="Duration">The length of the video, if one is asked for.</param>
/// <param name="SourceTaskId">The finished task that something is made from, if there is one.</param>
internal sealed record PaidRequest(ApiRequest Request, string Subject, string? Model = null, TimeSpan? Duration = null, string? SourceTaskId = null)
{
    /// <summary>Prompts and scenes as they were written and as they are sent. Platforms quote them; they only get into a log that asks for them.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The same, to be found in what the platform says.</summary>
    public PromptTexts Caller => field ??= Words.Count == 0 ? PromptTexts.None : new PromptTexts(Words);

    /// <summary>The sentences among fields that are sent beside, such as a negative prompt.</summary>
    public static IEnumerable<string> TextsOf(JsonObject? fields) =>
        fields?.Select(field => field.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "").Where(text => text.Length > ShortestSentence) ?? [];

    /// <summary>Shorter texts are values to choose from, as a rule; they are not taken out of logs.</summary>
    private const int ShortestSentence = 8;
}
