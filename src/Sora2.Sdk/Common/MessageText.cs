namespace Sora2.Sdk.Common;

/// <summary>Joins other people's words with ours: a platform's or a socket's text rarely ends its sentence.</summary>
internal static class MessageText
{
    public static string EnsurePeriod(string text)
    {
        var trimmed = text.TrimEnd();
        return trimmed.Length == 0 || trimmed[^1] is '.' or '!' or '?' or '。' or '！' or '？' or '…' ? trimmed : trimmed + ".";
    }
}
