namespace Sora2.Sdk.Simulator;

/// <summary>The shape of Juxin's responses. The same route returns either shape, depending on the channel behind it.</summary>
public enum JuxinResponseShape
{
    /// <summary>Flat, as in OpenAI's video API.</summary>
    /// <remarks>
    /// The ids are <c>video_…</c>, the statuses <c>queued</c>, <c>in_progress</c>, <c>completed</c> and <c>failed</c>.
    /// </remarks>
    OpenAi,

    /// <summary>Nested, with a <c>detail</c> object.</summary>
    /// <remarks>
    /// The ids are <c>sora-2:task_…</c>, the statuses <c>pending</c>, <c>queued</c>, <c>image_downloading</c>, <c>video_generating</c>,
    /// <c>video_upsampling</c>, <c>completed</c> and <c>failed</c>. The progress is a fraction in <c>detail.pending_info.progress_pct</c>.
    /// </remarks>
    Native,
}
