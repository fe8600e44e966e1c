namespace Sora2.Sdk.Routing;

/// <summary>One way a request can go.</summary>
/// <param name="Client">Who would make it.</param>
/// <param name="Model">The model to ask for; null leaves it to the client's settings.</param>
internal sealed record Route(ISora2Client Client, string? Model)
{
    /// <summary>
    /// The ways a request can go, best first: the clients that can make it as they are set up, in their order, and then those that can with another of their platform's models.
    /// What somebody set up has a price that somebody knows, so that it comes before a model that nobody chose.
    /// </summary>
    /// <param name="clients">In order of preference.</param>
    /// <param name="model">The model that the request names, if it names one.</param>
    /// <param name="validate">Throws if the client cannot make the request with this model.</param>
    /// <exception cref="Sora2ValidationException">There is none; the message says for each client why not.</exception>
    public static IReadOnlyList<Route> Find(IReadOnlyList<ISora2Client> clients, string? model, Action<ISora2Client, string?> validate)
    {
        var named = string.IsNullOrWhiteSpace(model) ? null : model;
        // A name that no platform lists is open to all; one that a platform lists means nothing to the others.
        var isListed = named is not null && clients.Any(Lists);
        var routes = new List<Route>(clients.Count);
        var others = new List<Route>();
        var problems = new List<(ISora2Client Client, string Reason)>();
        foreach (var client in clients)
        {
            var problem = isListed && !Lists(client) ? $"{named} is no model of {client.Platform.Title} that is known." : Problem(client, named);
            if (problem is null)
            {
                routes.Add(new Route(client, named));
            }
            else if (named is null && client.Platform.Models.FirstOrDefault(other => Problem(client, other.Name) is null) is { } able)
            {
                others.Add(new Route(client, able.Name));
            }
            else
            {
                problems.Add((client, problem));
            }
        }

        routes.AddRange(others);
        return routes.Count > 0 ? routes : throw new Sora2ValidationException(problems.All(problem => problem.Reason == problems[0].Reason)
            ? problems[0].Reason
            : $"None of the {clients.Count} clients can make this; nothing was sent. {string.Join(' ', problems.Select(problem => $"{Title(problem.Client)}: {problem.Reason}"))}");

        bool Lists(ISora2Client client) => client.Platform.FindModel(named!) is not null;

        string? Problem(ISora2Client client, string? withModel)
        {
            try
            {
                validate(client, withModel);
                return null;
            }
            catch (Sora2ValidationException e) when (!e.IsForEveryAccount)
            {
                return e.Message;
            }
        }
    }

    /// <summary>The client in a message.</summary>
    public static string Title(ISora2Client client) => Sora2Platform.AccountOf(client.Platform.Name, client.Name);
}
