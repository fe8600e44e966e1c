using Sora2.Sdk.Platforms;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Accounts;

internal sealed class AccountClient(ClientContext context, ApiClient api) : IAccountClient
{
    private Sora2Platform Platform => context.Platform;

    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        await api.QueryAsync(ModelList(), Platform.DecodeModelList, taskId: null, isPoll: false, cancellationToken).ConfigureAwait(false);

    /// <summary>As <see cref="ListModelsAsync"/>, once and ahead of queued queries.</summary>
    public async Task<IReadOnlyList<string>> ProbeModelsAsync(CancellationToken cancellationToken) =>
        await api.ProbeAsync(ModelList(), Platform.DecodeModelList, cancellationToken).ConfigureAwait(false);

    public async Task<Balance> GetBalanceAsync(CancellationToken cancellationToken = default)
    {
        var calls = FreeCalls.Balance(Platform);
        Balance? known = null;
        Sora2ApiException? missing = null;
        foreach (var call in calls)
        {
            var (read, error) = await api.QueryAsync(call, ReadIfThere, taskId: null, isPoll: false, cancellationToken)
                .ConfigureAwait(false);
            missing = error ?? missing;
            known = BalanceMerge.Add(known, read);
            if (known is { IsKnown: true })
            {
                break;
            }
        }

        return known ?? throw (missing is null
            ? FreeCalls.Missing(Platform, "reads the balance", nameof(Sora2Platform.EncodeBalance))
            : NotPublished(calls, missing));
    }

    public Task<AccountReport> CheckAsync(CancellationToken cancellationToken = default) =>
        new AccountChecker(context, api).RunAsync(cancellationToken);

    private ApiRequest ModelList() =>
        FreeCalls.ModelList(Platform) ?? throw FreeCalls.Missing(Platform, "lists models", nameof(Sora2Platform.EncodeModelList));

    /// <summary>Decodes a response, or returns the error that its route does not exist.</summary>
    /// <remarks>Caught below the retries, which would retry a page in place of JSON: the next route is tried at once.</remarks>
    private (Balance? Read, Sora2ApiException? Missing) ReadIfThere(ApiResponse response)
    {
        try
        {
            return (Platform.DecodeBalance(response), null);
        }
        catch (Sora2ApiException e) when (e.Kind == Sora2ErrorKind.WrongEndpoint)
        {
            return (null, e);
        }
    }

    private Sora2ApiException NotPublished(IReadOnlyList<ApiRequest> calls, Sora2ApiException last) =>
        new(
            Sora2ErrorKind.WrongEndpoint,
            $"{Platform.Title} publishes no balance: it has no route {string.Join(", ", calls.Select(call => call.Redacted))}. "
            + $"Look on its web site; or, if other calls fail as well, at what {nameof(IAccountClient)}.{nameof(CheckAsync)} reports.",
            last)
        {
            PlatformName = Platform.Name,
            RequestLine = last.RequestLine,
            RequestId = last.RequestId,
            StatusCode = last.StatusCode,
            RawBody = last.RawBody,
        };
}
