namespace Sora2.Sdk.Common;

/// <summary>Prepares text from a platform or the framework, which often lacks a period, for use within a message.</summary>
internal static class MessageText
{
    public static string EnsurePeriod(string text)
    {
        var trimmed = text.TrimEnd();
        return trimmed.Length == 0 || trimmed[^1] is '.' or '!' or '?' or '。' or '！' or '？' or '…' ? trimmed : trimmed + ".";
    }
}
