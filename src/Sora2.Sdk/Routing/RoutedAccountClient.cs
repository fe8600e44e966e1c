namespace Sora2.Sdk.Routing;

/// <summary>The accounts of a router.</summary>
internal sealed class RoutedAccountClient(Sora2Router router) : IAccountClient
{
    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken = default)
    {
        var lists = await OfAllAsync(account => account.ListModelsAsync(cancellationToken)).ConfigureAwait(false);
        return [.. lists.SelectMany(names => names).Distinct(StringComparer.Ordinal)];
    }

    public async Task<Balance> GetBalanceAsync(CancellationToken cancellationToken = default)
    {
        var balances = await OfAllAsync(account => account.GetBalanceAsync(cancellationToken)).ConfigureAwait(false);
        var units = balances.Select(balance => balance.Unit).Distinct(StringComparer.Ordinal).ToList();
        if (units.Count > 1 || (balances.Length > 1 && units[0].Length == 0))
        {
            var names = units.Select(unit => unit.Length == 0 ? "a unit that the relay does not name" : unit);
            throw new Sora2ValidationException(
                $"The accounts of the router have balances in {string.Join(" and ", names)}, which cannot be added. "
                + $"Get the balance of each of {nameof(Sora2Router)}.{nameof(Sora2Router.Clients)}.");
        }

        // The sum of an unknown amount is unknown.
        return new Balance
        {
            Unit = units[0],
            Amount = Sum(balance => balance.Amount),
            Used = Sum(balance => balance.Used),
            IsUnlimited = balances.Any(balance => balance.IsUnlimited),
        };

        decimal? Sum(Func<Balance, decimal?> select) => balances.All(balance => select(balance) is not null) ? balances.Sum(select) : null;
    }

    public async Task<AccountReport> CheckAsync(CancellationToken cancellationToken = default)
    {
        var reports = await OfAllAsync(account => account.CheckAsync(cancellationToken)).ConfigureAwait(false);
        return reports[0] with
        {
            PlatformName = "",
            ClientName = "",
            Address = "",
            Balance = null,
            IsKeySet = reports.All(report => report.IsKeySet),
            Checks =
            [
                .. router.Clients.Zip(reports).SelectMany(pair => pair.Second.Checks.Select(
                    check => check with { Seen = $"{Route.GetTitle(pair.First)}: {check.Seen}" })),
            ],
        };
    }

    private Task<T[]> OfAllAsync<T>(Func<IAccountClient, Task<T>> call) =>
        Task.WhenAll(router.Clients.Select(client => call(client.Account)));
}
