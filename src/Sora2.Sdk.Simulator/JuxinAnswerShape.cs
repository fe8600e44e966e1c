namespace Sora2.Sdk.Simulator;

/// <summary>Which of its two dialects Juxin answers in. The same route gives either, depending on the channel behind it.</summary>
public enum JuxinAnswerShape
{
    /// <summary>Flat, as OpenAI's video API: ids <c>video_…</c>, status words <c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>failed</c>.</summary>
    OpenAi,

    /// <summary>Nested: ids <c>sora-2:task_…</c>, a <c>detail</c> object, progress as a fraction in <c>detail.pending_info.progress_pct</c>, and the stages <c>pending</c>, <c>queued</c>, <c>image_downloading</c>, <c>video_generating</c>, <c>video_upsampling</c>, <c>completed</c>.</summary>
    Native,
}
