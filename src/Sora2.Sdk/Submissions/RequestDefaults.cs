namespace Sora2.Sdk.Submissions;

/// <summary>Resolves what a request leaves open.</summary>
internal static class RequestDefaults
{
    /// <summary>Returns the model: the request's, the client's default, or the platform's first.</summary>
    public static string ResolveModel(string? requested, Sora2ClientOptions options, Sora2Platform platform) =>
        NotBlank(requested) ?? NotBlank(options.DefaultModel) ?? (platform.Models is [var first, ..] ? first.Name : null)
        ?? throw new Sora2ValidationException(
            $"{platform.Title} has no default model. Name one in the request or in Sora2ClientOptions.DefaultModel.");

    private static string? NotBlank(string? name) => string.IsNullOrWhiteSpace(name) ? null : name;
}
