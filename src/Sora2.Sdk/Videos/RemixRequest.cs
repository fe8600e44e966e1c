using System.Diagnostics.CodeAnalysis;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A request for a changed version of a finished video, on a platform that has it.</summary>
/// <remarks>
/// Duration, size and model are those of the source. Source: OpenAI's protocol (<c>POST /v1/videos/{id}/remix</c>), which Juxin's software
/// has as of 2026-11-27.
/// </remarks>
public sealed record RemixRequest : GenerationRequest
{
    /// <summary>Creates a request whose properties are set in the initializer.</summary>
    public RemixRequest()
    {
    }

    /// <summary>Creates a request.</summary>
    /// <param name="source">The <see cref="Source"/>.</param>
    /// <param name="prompt">The <see cref="Prompt"/>.</param>
    [SetsRequiredMembers]
    public RemixRequest(TaskHandle source, string prompt) => (Source, Prompt) = (source, prompt);

    /// <summary>The task whose video is changed. It has to be of the same account.</summary>
    public required TaskHandle Source { get; init; }

    /// <summary>The text that describes the change.</summary>
    public required string Prompt { get; init; }

    internal override TimeSpan? TargetDuration => null;

    internal override IReadOnlyList<ImageInput> SentImages => [];

    internal override string GetPrompt() => Prompt;

    /// <summary>Returns one line: the source, the beginning of the prompt, and what differs from the defaults.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"remix of {LogSanitizer.SingleLine(Source?.Id)}: {LogSanitizer.Quoted(Prompt)}",
        FormatSettings());
}
