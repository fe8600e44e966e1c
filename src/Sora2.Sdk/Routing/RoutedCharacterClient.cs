namespace Sora2.Sdk.Routing;

/// <summary>The characters of a router.</summary>
internal sealed class RoutedCharacterClient(Sora2Router router) : ICharacterClient
{
    public async Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<Route> routes = request.Source is { } source
            ? [new Route(await router.FindClientAsync(source, cancellationToken).ConfigureAwait(false), Model: null)]
            : [.. router.Clients.Select(client => new Route(client, Model: null))];
        return await Failover.SubmitToFirstAsync(routes, route => route.Client.Characters.CreateAsync(
            request.Source is null ? request : request with { Source = request.Source.Id }, cancellationToken)).ConfigureAwait(false);
    }
}
