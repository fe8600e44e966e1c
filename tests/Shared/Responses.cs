namespace Sora2.Sdk.TestSupport;

/// <summary>Response bodies that many tests need.</summary>
public static class Responses
{
    /// <summary>Juxin accepted task-1.</summary>
    public const string Accepted = """{"id":"task-1","status":"queued"}""";

    /// <summary>A running task; on either platform, without an id.</summary>
    public const string Running = """{"status":"IN_PROGRESS","progress":"40%"}""";

    /// <summary>A finished task; on either platform, without an id.</summary>
    public const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    /// <summary>An error of an overloaded platform, which charged nothing.</summary>
    public const string Saturated = """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""";

    /// <summary>An error of a rate limit, which charged nothing.</summary>
    public const string TooManyRequests = """{"error":{"message":"Too many requests"}}""";

    /// <summary>A finished task of Juxin.</summary>
    public static string Completed(string id) => $$"""{"id":"{{id}}","status":"completed","video_url":"https://media.example.com/v.mp4"}""";
}
