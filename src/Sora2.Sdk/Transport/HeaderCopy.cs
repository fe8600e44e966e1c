using System.Net.Http.Headers;

namespace Sora2.Sdk.Transport;

/// <summary>Copies headers as they are, without a check of their values.</summary>
internal static class HeaderCopy
{
    public static void CopyTo(this HttpHeaders source, HttpHeaders target)
    {
        foreach (var header in source.NonValidated)
        {
            target.TryAddWithoutValidation(header.Key, header.Value);
        }
    }
}
