using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Accounts;

/// <summary>The free calls about an account, as the adapter encodes them. A user's own adapter must not make them spend money.</summary>
internal static class FreeCalls
{
    /// <summary>Returns the call that lists models, or null if the platform has none.</summary>
    public static ApiRequest? ModelList(Sora2Platform platform) =>
        platform.EncodeModelList() is { } request ? Checked(request, platform, "lists models") : null;

    /// <summary>Returns the calls that read the balance, in order; none if the platform has none.</summary>
    public static IReadOnlyList<ApiRequest> Balance(Sora2Platform platform) =>
        [.. platform.EncodeBalance().Select(request => Checked(request, platform, "reads the balance"))];

    public static Sora2ValidationException Missing(Sora2Platform platform, string what, string member) =>
        new($"{platform.Title} has no call that {what}: its adapter does not override {member}.") { PlatformName = platform.Name };

    private static ApiRequest Checked(ApiRequest request, Sora2Platform platform, string what) =>
        ErrorClassifier.IsPaid(request.Kind)
            ? throw new Sora2ValidationException(
                $"{platform.Title}'s adapter {what} by a call of the kind {request.Kind}, which costs money; "
                + $"it has to be {nameof(CallKind)}.{nameof(CallKind.Query)}.")
            {
                PlatformName = platform.Name,
            }
            : request;
}
