namespace Sora2.Sdk.Routing;

/// <summary>A client that can make a request, and with which model.</summary>
/// <param name="Client">The client.</param>
/// <param name="Model">The model to request; null for the client's default.</param>
internal sealed record Route(ISora2Client Client, string? Model)
{
    /// <summary>Returns the routes of a request, best first.</summary>
    /// <remarks>
    /// Without a model in the request, the clients whose own model can make it come first, in their order, as their price is known; then
    /// those whose platform has another model that can.
    /// </remarks>
    /// <param name="clients">The clients, in order of preference.</param>
    /// <param name="model">The model that the request names, if any.</param>
    /// <param name="validate">Throws if a client cannot make the request with a model.</param>
    /// <exception cref="Sora2ValidationException">No client can make the request; the message has the reason of each.</exception>
    public static IReadOnlyList<Route> Find(IReadOnlyList<ISora2Client> clients, string? model, Action<ISora2Client, string?> validate)
    {
        model = string.IsNullOrWhiteSpace(model) ? null : model;

        // A model that a platform lists is sent to that platform only; one that no platform lists may exist on any.
        var isListed = model is not null && clients.Any(client => FindModel(client, model) is not null);
        var preferred = new List<Route>();
        var alternatives = new List<Route>();
        var problems = new List<(ISora2Client Client, string Reason)>();
        foreach (var client in clients)
        {
            if (isListed && FindModel(client, model!) is null)
            {
                problems.Add((client, $"{model} is not a known model of {Sora2Platform.TitleOf(client.PlatformName)}."));
            }
            else if (GetProblem(client, model) is not { } problem)
            {
                preferred.Add(new Route(client, model));
            }
            else if (model is null && client.Models.FirstOrDefault(other => GetProblem(client, other.Name) is null) is { } other)
            {
                alternatives.Add(new Route(client, other.Name));
            }
            else
            {
                problems.Add((client, problem));
            }
        }

        if (preferred.Count + alternatives.Count > 0)
        {
            return [.. preferred, .. alternatives];
        }

        throw new Sora2ValidationException(problems.All(problem => problem.Reason == problems[0].Reason)
            ? problems[0].Reason
            : $"None of the {clients.Count} clients can make this; nothing was sent. "
                + string.Join(' ', problems.Select(problem => $"{GetTitle(problem.Client)}: {problem.Reason}")));

        string? GetProblem(ISora2Client client, string? model)
        {
            try
            {
                validate(client, model);
                return null;
            }
            catch (Sora2ValidationException e) when (!e.IsForEveryAccount)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Returns the name of a client for a message.</summary>
    public static string GetTitle(ISora2Client client) => Sora2Platform.AccountOf(client.PlatformName, client.Name);

    private static VideoModel? FindModel(ISora2Client client, string name) =>
        client.Models.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));
}
