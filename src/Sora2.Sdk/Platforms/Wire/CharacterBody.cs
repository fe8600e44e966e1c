namespace Sora2.Sdk.Platforms.Wire;

/// <summary>The body that creates a character, the same on both platforms.</summary>
/// <remarks>It has no <c>model</c>: with one the relays return 404. Source: captured traffic of 2025-11.</remarks>
internal static class CharacterBody
{
    public static JsonBody Create(CharacterRequest request)
    {
        var body = new JsonBody().Add("timestamps", request.Range.ToString());
        return request.Source is { } source ? body.Add("from_task", source.Id) : body.Add("url", request.Url!.AbsoluteUri);
    }
}
